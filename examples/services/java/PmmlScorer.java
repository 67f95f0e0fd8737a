import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dmg.pmml.Extension;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;
import org.jpmml.evaluator.ModelEvaluator;
import org.jpmml.evaluator.OutputField;

/** A document of normfreeze.to_pmml(scaler, true), by JPMML. */
class PmmlScorer implements Service.Scorer {
    private final ModelEvaluator<?> evaluator;
    private final List<String> names = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private String scalerId;

    PmmlScorer(Path file) throws Exception {
        evaluator = (ModelEvaluator<?>) new LoadingModelEvaluatorBuilder().load(file.toFile()).build();
        // verify() proves nothing, and says nothing, where there is nothing to verify
        if (evaluator.getModel().getModelVerification() == null)
            throw new IllegalArgumentException(file + " has no ModelVerification: write it by to_pmml(scaler, true)");
        evaluator.verify();
        for (Extension extension : evaluator.getPMML().getHeader().getExtensions())
            if (extension.getName().equals("normfreeze.scaler_id"))
                scalerId = extension.getValue();
        if (scalerId == null)
            throw new IllegalArgumentException(file + " is no document of to_pmml(): it has no normfreeze.scaler_id");
        // an output is that of the data field of its place; what is no final result is for verify() alone
        evaluator.getPMML().getDataDictionary().getDataFields().forEach(field -> names.add(field.getName()));
        for (OutputField field : evaluator.getOutputFields())
            if (field.isFinalResult())
                outputs.add(field.getName());
    }

    public String scalerId() {
        return scalerId;
    }

    public List<String> names() {
        return names;
    }

    public double[][] normalize(double[][] rows) {
        double[][] results = new double[rows.length][names.size()];
        for (int row = 0; row < rows.length; row++) {
            Map<String, Object> arguments = new HashMap<>();
            for (int i = 0; i < names.size(); i++)
                arguments.put(names.get(i), Double.isNaN(rows[row][i]) ? null : rows[row][i]);
            Map<String, ?> result = evaluator.evaluate(arguments);
            for (int i = 0; i < names.size(); i++)
                results[row][i] = result.get(outputs.get(i)) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
        return results;
    }
}
