"""from_onnx() and from_pmml() of what was saved again, changed, cut, or made to harm."""

import json
import random
import time
import xml.etree.ElementTree as ElementTree

import onnx
import psycopg

import report

DAMAGED = "XX001"
NOT_OURS = "22023"
UNSUPPORTED = "0A000"
UNREADABLE = "22P03"
NAMESPACE = "http://www.dmg.org/PMML-4_4"
SEED = 4

OPTIONS = {"columns": ["a", "b", "c"], "features": {
    "a": {"method": "minmax", "clip": True, "outside": "clip"}, "b": {"method": "max"}, "c": {"missing": "mean"}}}


def make(connection, function):
    """A small export that has every kind of piece, and its scaler as text."""
    return connection.execute(
        f"""SELECT normfreeze.to_{function}(s), normfreeze.bare(s)::text FROM (
            SELECT normfreeze.fit(t, 'standard', %s::jsonb) AS s FROM (
            SELECT i AS a, i * i AS b, 1.0 / i AS c FROM generate_series(1, 7) AS i) AS t) AS f""",
        [json.dumps(OPTIONS)]).fetchone()


def taken(connection, function, export):
    """(SQLSTATE, text of the scaler) of an import: one of them is None."""
    try:
        kind = "bytea" if function == "onnx" else "xml"
        return None, connection.execute(f"SELECT normfreeze.from_{function}(%s::{kind})::text", [export]).fetchone()[0]
    except psycopg.Error as error:
        if error.sqlstate is None or connection.broken:
            raise               # the server is gone
        return error.sqlstate, None


# ---- ONNX ----

def reordered(model):
    """The same message with its fields in the opposite order."""
    parts = []
    for field, _ in model.ListFields():
        part = onnx.ModelProto()
        part.CopyFrom(model)
        for other, _ in model.ListFields():
            if other.name != field.name:
                part.ClearField(other.name)
        parts.append(part.SerializeToString())
    return b"".join(reversed(parts))


def changes(model):
    """(what, changed copy) for each kind of piece of a model."""
    def change(what, do):
        changed = onnx.ModelProto()
        changed.CopyFrom(model)
        do(changed)
        return what, changed

    yield change("ir_version", lambda m: setattr(m, "ir_version", 8))
    yield change("opset", lambda m: setattr(m.opset_import[0], "version", 13))
    yield change("another opset", lambda m: m.opset_import.add(domain="x", version=1))
    yield change("doc_string", lambda m: setattr(m, "doc_string", "mine"))
    yield change("producer_name", lambda m: setattr(m, "producer_name", "mine"))
    yield change("a function", lambda m: m.functions.add(name="f"))
    yield change("graph", lambda m: m.ClearField("graph"))
    yield change("name of the graph", lambda m: setattr(m.graph, "name", "mine"))
    yield change("width of the input", lambda m: setattr(m.graph.input[0].type.tensor_type.shape.dim[1], "dim_value", 4))
    yield change("type of the input", lambda m: setattr(m.graph.input[0].type.tensor_type, "elem_type", 1))
    yield change("output", lambda m: setattr(m.graph.output[0], "name", "features"))
    yield change("a second output", lambda m: m.graph.output.add(name="x"))
    yield change("a value_info", lambda m: m.graph.value_info.add(name="x"))
    for i, entry in enumerate(model.metadata_props):
        if entry.key != "normfreeze.scaler":
            yield change(f"value of {entry.key}", lambda m: setattr(m.metadata_props[i], "value", "1"))
            yield change(f"without {entry.key}", lambda m: m.metadata_props.pop(i))
        yield change(f"{entry.key} twice", lambda m: m.metadata_props.add(key=entry.key, value=entry.value))
    for i, node in enumerate(model.graph.node):
        yield change(f"without node {node.name}", lambda m: m.graph.node.pop(i))
        yield change(f"operator of {node.name}", lambda m: setattr(m.graph.node[i], "op_type", "Mod"))
        yield change(f"domain of {node.name}", lambda m: setattr(m.graph.node[i], "domain", "x"))
        yield change(f"NUL in {node.name}", lambda m: setattr(m.graph.node[i], "op_type", node.op_type + "\0x"))
        for k in range(len(node.input)):
            yield change(f"input {k} of {node.name}", lambda m: m.graph.node[i].input.__setitem__(k, "x"))
        for k in range(len(node.attribute)):
            yield change(f"attribute {k} of {node.name}", lambda m: setattr(m.graph.node[i].attribute[k], "i", 3))
    for i, tensor in enumerate(model.graph.initializer):
        yield change(f"name of {tensor.name}", lambda m: setattr(m.graph.initializer[i], "name", "x"))
        yield change(f"type of {tensor.name}", lambda m: setattr(m.graph.initializer[i], "data_type", 10))
        yield change(f"external {tensor.name}", lambda m: m.graph.initializer[i].external_data.add(key="location", value="/etc/passwd"))
        for bit in range(8 * len(tensor.raw_data)):
            raw = bytearray(tensor.raw_data)
            raw[bit // 8] ^= 1 << bit % 8
            yield change(f"bit {bit} of {tensor.name}", lambda m: setattr(m.graph.initializer[i], "raw_data", bytes(raw)))


def nested(depth):
    """A message in a message ...: graphs in attributes of nodes of graphs, whose lengths outgrow it."""
    def field(number, content):
        length, size = len(content), b""
        while length > 127:
            size += bytes([length & 127 | 128])
            length >>= 7
        return bytes([number << 3 | 2]) + size + bytes([length]) + content

    inner = b""
    for _ in range(depth):
        inner = field(1, field(5, field(6, inner)))     # node, attribute, g
    return field(7, inner)


def test_onnx_damage(server, connection):
    model, scaler = make(connection, "onnx")
    loaded = onnx.load_from_string(model)
    for what, again in (("saved again", loaded.SerializeToString()), ("in another order", reordered(loaded))):
        report.check_equal(taken(connection, "onnx", again), (None, scaler), f"from_onnx: a model {what}")
    count = 0
    for what, changed in changes(loaded):
        count += 1
        report.check_equal(taken(connection, "onnx", changed.SerializeToString())[0], DAMAGED, f"from_onnx: changed {what}")
    report.check(count > 1500, "from_onnx: changes", count)

    other = onnx.ModelProto(ir_version=8, graph=loaded.graph, opset_import=loaded.opset_import)
    report.check_equal(taken(connection, "onnx", other.SerializeToString())[0], UNSUPPORTED, "from_onnx: a model of others")
    report.check_equal(taken(connection, "onnx", b"")[0], NOT_OURS, "from_onnx: nothing")
    refused = [taken(connection, "onnx", model[:length])[0] for length in range(len(model))]
    report.check(set(refused) <= {UNREADABLE, NOT_OURS, DAMAGED}, "from_onnx: cut anywhere", set(refused))

    # a changed byte: refused, or where it does not matter, such as the version of normfreeze
    rng = random.Random(SEED)
    for _ in range(3000):
        changed = bytearray(model)
        for _ in range(rng.choice((1, 1, 2, 8))):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        state, got = taken(connection, "onnx", bytes(changed))
        report.check(state or got == scaler, "from_onnx: changed bytes give another scaler", bytes(changed).hex())

    # two bytes are a message of hundreds; messages as deep as there are bytes
    for what, bomb in (("wide", b"\x3a" + b"\x80\x80\x80\x0a" + b"\x0a\x00" * (10 << 20)), ("deep", nested(60000))):
        started = time.monotonic()
        report.check_equal(taken(connection, "onnx", bomb)[0], UNREADABLE, f"from_onnx: a {what} message")
        report.check(time.monotonic() - started < 20, f"from_onnx: a {what} message takes no time")


# ---- PMML ----

def elements(document):
    """Each element of a document that can be changed, with the document."""
    for i in range(len(list(ElementTree.fromstring(document).iter()))):
        root = ElementTree.fromstring(document)
        yield root, list(root.iter())[i]


def pmml_changes(document):
    for root, element in elements(document):
        if element.text and element.text.strip():
            element.text = "1" + element.text
            yield f"text of {element.tag}", root
    for root, element in elements(document):
        yield f"an element in {element.tag}", (ElementTree.SubElement(element, "Extension"), root)[1]
    for root, element in elements(document):
        element.set("more", "1")
        yield f"a new attribute of {element.tag}", root
    for root, element in elements(document):
        for name in element.keys():
            # that of the application is the version of normfreeze
            if element.get("name") not in ("normfreeze.scaler", "normfreeze"):
                kept = element.get(name)
                element.set(name, kept + "1")
                yield f"{name} of {element.tag}", root
                element.set(name, kept)


BOMB = ("<!DOCTYPE PMML [<!ENTITY a 'aaaaaaaaaa'>" +
        "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)) + "]>")
EXTERNAL = "<!DOCTYPE PMML [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


def test_pmml_damage(server, connection):
    document, scaler = make(connection, "pmml")
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(document)
    saved = ElementTree.tostring(root, "unicode")
    ElementTree.indent(root, "\t")
    for what, again in (("as it is", document), ("saved again", saved), ("indented", ElementTree.tostring(root, "unicode")),
                        ("with a declaration", '<?xml version="1.0"?>\n' + document + "\n")):
        report.check_equal(taken(connection, "pmml", again), (None, scaler), f"from_pmml: a document {what}")
    count = 0
    for what, changed in pmml_changes(document):
        count += 1
        report.check_equal(taken(connection, "pmml", ElementTree.tostring(changed, "unicode"))[0], DAMAGED,
                           f"from_pmml: changed {what}")
    report.check(count > 200, "from_pmml: changes", count)

    report.check_equal(taken(connection, "pmml", "<PMML/>")[0], NOT_OURS, "from_pmml: a document of others")
    rng = random.Random(SEED)
    for _ in range(1500):
        changed = list(document)
        for _ in range(rng.choice((1, 1, 2, 8))):
            changed[rng.randrange(len(changed))] = chr(rng.choice((rng.randrange(32, 127), rng.randrange(1, 0x2FFF))))
        state, got = taken(connection, "pmml", "".join(changed))
        report.check(state or got == scaler, "from_pmml: changed characters give another scaler", "".join(changed))

    for what, kind in (("an exploding entity", BOMB), ("an external entity", EXTERNAL)):
        started = time.monotonic()
        for place, text in (("an attribute", document.replace('"regression"', '"regression&a;&j;"')),
                            ("a text", document.replace("</Constant>", "&a;</Constant>", 1))):
            state, got = taken(connection, "pmml", kind + text.replace("&j;", "&j;" if kind is BOMB else ""))
            report.check(state is not None, f"from_pmml: {what} in {place} is refused", state)
        report.check(time.monotonic() - started < 10, f"from_pmml: {what} takes no time")
