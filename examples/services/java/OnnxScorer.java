import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model of normfreeze.to_onnx(), by ONNX Runtime. */
class OnnxScorer implements Service.Scorer {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final List<String> names = new ArrayList<>();
    private final String scalerId;

    OnnxScorer(Path file) throws Exception {
        session = environment.createSession(file.toString());
        Map<String, String> metadata = session.getMetadata().getCustomMetadata();
        if (!metadata.containsKey("normfreeze.scaler"))
            throw new IllegalArgumentException(file + " is no model of to_onnx(): it has no metadata normfreeze.scaler");
        JsonNode scaler = Service.JSON.readTree(metadata.get("normfreeze.scaler"));
        scalerId = scaler.get("scaler_id").textValue();
        for (JsonNode feature : scaler.get("features"))
            if (!feature.get("target").booleanValue())
                names.add(feature.get("name").textValue());
        double[][] expected = rows(scaler.get("probes").get("outputs"));
        double[][] got = normalize(rows(scaler.get("probes").get("inputs")));
        for (int row = 0; row < expected.length; row++)
            for (int i = 0; i < names.size(); i++)
                if (got[row][i] != expected[row][i] && !(Double.isNaN(got[row][i]) && Double.isNaN(expected[row][i])))
                    throw new IllegalArgumentException(file + ": probe " + (row + 1) + " gives " + Arrays.toString(got[row])
                            + " and must give " + Arrays.toString(expected[row]));
    }

    /** Rows of numbers, with null and "NaN" for missing ones, and "Infinity". */
    private static double[][] rows(JsonNode json) {
        double[][] rows = new double[json.size()][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = new double[json.get(row).size()];
            for (int i = 0; i < rows[row].length; i++) {
                JsonNode value = json.get(row).get(i);
                rows[row][i] = value.isNull() ? Double.NaN : value.isNumber() ? value.doubleValue() : Double.parseDouble(value.textValue());
            }
        }
        return rows;
    }

    public String scalerId() {
        return scalerId;
    }

    public List<String> names() {
        return names;
    }

    public double[][] normalize(double[][] rows) throws OrtException {
        if (rows.length == 0)           // which is no tensor
            return rows;
        try (OnnxTensor features = OnnxTensor.createTensor(environment, rows);
                OrtSession.Result result = session.run(Map.of("features", features))) {
            return (double[][]) result.get(0).getValue();
        }
    }
}
