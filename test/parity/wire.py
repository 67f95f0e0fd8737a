"""Binary COPY between numpy and PostgreSQL: bits go through unchanged, no text in between."""

import numpy as np

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

ELEMENTS = {                    # type: (oid, numpy type)
    "float8": (701, ">f8"),
    "float4": (700, ">f4"),
    "int2": (21, ">i2"),
    "int4": (23, ">i4"),
    "int8": (20, ">i8"),
}


def tuple_type(columns):
    """The numpy type of one COPY tuple; a column is (type, width), or (type, None) for a scalar."""
    fields = [("nfields", ">i2")]
    for i, (name, width) in enumerate(columns):
        element = ELEMENTS[name][1]
        if width is None:
            fields += [(f"length{i}", ">i4"), (f"value{i}", element)]
        else:
            fields += [(f"length{i}", ">i4"), (f"array{i}", ">i4", (5,)),
                       (f"value{i}", [("length", ">i4"), ("value", element)], (width,))]
    return np.dtype(fields)


def fill_frame(tuples, columns):
    """Set everything but the values: lengths, dimensions, element types."""
    tuples["nfields"] = len(columns)
    for i, (name, width) in enumerate(columns):
        oid, element = ELEMENTS[name]
        size = np.dtype(element).itemsize
        if width is None:
            tuples[f"length{i}"] = size
        else:
            tuples[f"length{i}"] = 20 + width * (4 + size)
            tuples[f"array{i}"] = (1, 0, oid, width, 1)
            tuples[f"value{i}"]["length"] = size


def values_of(tuples, i, width):
    return tuples[f"value{i}"] if width is None else tuples[f"value{i}"]["value"]


def copy_in(connection, target, columns, arrays):
    """COPY numpy arrays (one or two dimensions each) into a table."""
    tuples = np.zeros(len(arrays[0]), tuple_type(columns))
    fill_frame(tuples, columns)
    for i, (_, width) in enumerate(columns):
        values_of(tuples, i, width)[...] = arrays[i]
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {target} FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER + tuples.tobytes() + TRAILER)


def copy_out(connection, query, columns):
    """The result of a query as native numpy arrays, one a column; a NULL or another width is an error."""
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
            data = b"".join(bytes(block) for block in copy)
    kind = tuple_type(columns)
    body = data[len(HEADER):-len(TRAILER)]
    if data[:len(HEADER)] != HEADER or data[-len(TRAILER):] != TRAILER or len(body) % kind.itemsize:
        raise AssertionError(f"the result has other columns than {columns}: {query}")
    tuples = np.frombuffer(body, kind).copy()
    values = []
    for i, (name, width) in enumerate(columns):
        element = np.dtype(ELEMENTS[name][1])
        values.append(values_of(tuples, i, width).astype(element.newbyteorder("=")))
    frame = tuples.copy()
    fill_frame(frame, columns)
    if frame.tobytes() != tuples.tobytes():
        raise AssertionError(f"the result has other columns than {columns}: {query}")
    return values


def bits(array):
    """Bit patterns as unsigned integers, with one pattern for all NaNs."""
    array = np.ascontiguousarray(array)
    array = np.where(np.isnan(array), array.dtype.type(np.nan), array)
    return array.view({8: np.uint64, 4: np.uint32}[array.dtype.itemsize])


def unequal(got, expected):
    """Where two arrays differ in bits: -0.0 and 0.0 do, NaN and NaN do not."""
    if got.dtype != expected.dtype or got.shape != expected.shape:
        raise AssertionError(f"{got.dtype} {got.shape} held against {expected.dtype} {expected.shape}")
    return bits(got) != bits(expected)
