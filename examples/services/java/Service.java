import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * Scores rows over HTTP by a frozen scaler: java Service churn.onnx [port], or java Service churn.pmml [port].
 *
 * A row is an object of numbers by feature, null where one is missing; a body is one row or a list of rows. The answer has the id of
 * the scaler, which is that of the database.
 */
public class Service {
    /** What scores: an ONNX model, or a PMML document. NaN is a missing value, in both directions. */
    interface Scorer {
        String scalerId();
        List<String> names();
        double[][] normalize(double[][] rows) throws Exception;
    }

    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0 || arguments.length > 2)
            throw new IllegalArgumentException("usage: java Service churn.onnx|churn.pmml [port]");
        Path file = Path.of(arguments[0]);
        // starting is proving: either runs the probes, and throws an exception if a result differs
        Scorer scorer = file.toString().endsWith(".pmml") ? new PmmlScorer(file) : new OnnxScorer(file);
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8000;
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/normalize", exchange -> answer(exchange, scorer));
        server.start();
        System.out.println("scaler " + scorer.scalerId() + " listens on port " + server.getAddress().getPort());
    }

    static void answer(HttpExchange exchange, Scorer scorer) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("scaler_id", scorer.scalerId());
        int status = 200;
        try {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            ArrayNode rows = body.isArray() ? (ArrayNode) body : JSON.createArrayNode().add(body);
            double[][] values = new double[rows.size()][];
            for (int i = 0; i < rows.size(); i++)
                values[i] = read(rows.get(i), scorer.names());
            ArrayNode results = JSON.createArrayNode();
            for (double[] row : scorer.normalize(values))
                results.add(written(row, scorer.names()));
            answer.set("values", body.isArray() ? results : results.get(0));
        } catch (Exception error) {
            status = 422;
            answer.put("error", error.getMessage());
        }
        byte[] text = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    static double[] read(JsonNode row, List<String> names) {
        double[] values = new double[names.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = row.get(names.get(i));
            if (value == null)
                throw new IllegalArgumentException("the row has no \"" + names.get(i) + "\", which is a feature");
            if (!value.isNumber() && !value.isNull() && !value.isBoolean() || Double.isInfinite(value.doubleValue()))   // 1e400
                throw new IllegalArgumentException("\"" + names.get(i) + "\" is " + value + ", and must be a number of double precision or null");
            values[i] = value.isNull() ? Double.NaN : value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue();
        }
        return values;
    }

    static ObjectNode written(double[] row, List<String> names) {
        ObjectNode values = JSON.createObjectNode();
        for (int i = 0; i < row.length; i++)
            if (Double.isNaN(row[i]))
                values.putNull(names.get(i));
            else if (Double.isInfinite(row[i]))
                values.put(names.get(i), row[i] > 0 ? "Infinity" : "-Infinity");
            else
                values.put(names.get(i), row[i]);
        return values;
    }
}
