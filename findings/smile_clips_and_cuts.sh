#!/bin/sh
# Smile 3.1.1, the last that runs on Java 17 (needs java and mvn): Scaler, Normalizer and RobustStandardizer of smile.feature.transform.
#
# Expected: what the classes say of themselves (haifengl.github.io/api/java/smile/feature/transform/package-summary.html): numbers brought
# into [0, 1] by the training data's range, as scikit-learn does it, clipped by WinsorScaler alone; rows of norm one; the median and the IQR.
# Seen: Scaler clips as well: what lies beyond the training range is 0 or 1, and the inverse gives the end of the range for it.  Normalizer leaves an
# integer column integer, and so makes 0 of it: the row (3, 4) becomes (0, 0) or, with a double beside it, (0.6, 0).  The median of
# RobustStandardizer is an estimate that depends on the order of the rows: of 0 to 10000, 5000.26 ascending and 4999.74 descending.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for artifact in com.github.haifengl:smile-core:3.1.1 com.github.haifengl:smile-base:3.1.1 org.slf4j:slf4j-api:2.0.12 org.slf4j:slf4j-nop:2.0.12; do
    mvn -q -B -Dmaven.repo.local="$folder/maven" dependency:copy -Dartifact="$artifact" -DoutputDirectory="$folder/jars" >/dev/null
done
cat >Scalers.java <<'JAVA'
import java.util.Arrays;
import java.util.stream.IntStream;
import smile.data.DataFrame;
import smile.data.vector.DoubleVector;
import smile.data.vector.IntVector;
import smile.feature.transform.*;

public class Scalers {
    static String rows(DataFrame frame) {
        return frame.schema() + " " + Arrays.deepToString(frame.toArray());
    }

    public static void main(String[] arguments) {
        DataFrame training = DataFrame.of(DoubleVector.of("x", new double[] {0, 500, 1000})), later = DataFrame.of(DoubleVector.of("x", new double[] {-500, 250, 2000}));
        var scaler = Scaler.fit(training);
        System.out.println("Scaler of 0 to 1000, -500, 250 and 2000: " + rows(scaler.apply(later)));
        System.out.println("  and back: " + rows(scaler.invert(scaler.apply(later))));
        System.out.println("MaxAbsScaler, the same: " + rows(MaxAbsScaler.fit(training).apply(later)));
        var normalizer = new Normalizer(Normalizer.Norm.L2, "x", "k");
        DoubleVector x = DoubleVector.of("x", new double[] {3}), k = DoubleVector.of("k", new double[] {4});
        IntVector whole = IntVector.of("x", new int[] {3}), four = IntVector.of("k", new int[] {4});
        for (DataFrame row : new DataFrame[] {DataFrame.of(x, k), DataFrame.of(x, four), DataFrame.of(whole, four)})
            System.out.println("Normalizer: " + rows(normalizer.apply(row)));
        System.out.println("Standardizer of an integer column: " + Standardizer.fit(DataFrame.of(IntVector.of("k", new int[] {3, 4}))).apply(DataFrame.of(four)).schema());
        double[] ascending = IntStream.rangeClosed(0, 10000).mapToDouble(i -> i).toArray();
        double[] descending = IntStream.rangeClosed(0, 10000).mapToDouble(i -> 10000 - i).toArray();
        for (double[] values : new double[][] {ascending, descending})
            System.out.println("0 to 10000: " + RobustStandardizer.fit(DataFrame.of(DoubleVector.of("x", values))).toString().replaceAll("\\s+", " "));
    }
}
JAVA
java -Duser.language=en -cp "$folder/jars/*" Scalers.java 2>errors >output || { cat errors; exit 1; }
cat output
diff - output <<'SEEN'
Scaler of 0 to 1000, -500, 250 and 2000: [x: double] [[0.0], [0.25], [1.0]]
  and back: [x: double] [[0.0], [250.0], [1000.0]]
MaxAbsScaler, the same: [x: double] [[-0.5], [0.25], [2.0]]
Normalizer: [x: double, k: double] [[0.6, 0.8]]
Normalizer: [x: double, k: int] [[0.6, 0.0]]
Normalizer: [x: int, k: int] [[0.0, 0.0]]
Standardizer of an integer column: [k: double]
0 to 10000: RobustStandardizer( (x - 5000.2621) / 4999.7957 )
0 to 10000: RobustStandardizer( (x - 4999.7379) / 4999.7957 )
SEEN
