import JSON
import Testing

@Suite("An object built from parts")
struct JSONObjectBuilderTests {
    private func add(_ name: String, _ value: String?, to builder: inout JSONObjectBuilder) {
        Array(name.utf8).withUnsafeBytes { name in
            builder.add(name) { output in
                output.append(contentsOf: (value ?? "half").utf8)
                return value != nil
            }
        }
    }

    @Test(
        "its names are sorted by their bytes, whatever the order in which they come",
        arguments: [["a", "b", "c", "é"], ["é", "c", "b", "a"], ["b", "é", "a", "c"]]
    )
    func order(_ names: [String]) {
        var builder = JSONObjectBuilder()
        for name in names { add(name, "1", to: &builder) }
        #expect(builder.string == #"{"a":1,"b":1,"c":1,"é":1}"#)
        var output = Array("[".utf8)
        builder.write(into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "[" + builder.string)
    }

    @Test("a member whose value is refused leaves nothing behind")
    func refused() {
        var builder = JSONObjectBuilder()
        #expect(builder.isEmpty && builder.string == "{}")
        add("a", nil, to: &builder)
        #expect(builder.isEmpty && builder.string == "{}")
        add("b", "[]", to: &builder)
        add("a", nil, to: &builder)
        #expect(!builder.isEmpty && builder.string == #"{"b":[]}"#)
    }

    @Test("names are escaped, and an emptied builder begins anew")
    func names() {
        var builder = JSONObjectBuilder()
        add("say \"hi\"\n", "true", to: &builder)
        #expect(builder.string == #"{"say \"hi\"\n":true}"#)
        builder.removeAll()
        builder.add("x") { output in
            output.append(contentsOf: "null".utf8)
            return true
        }
        #expect(builder.string == #"{"x":null}"#)
    }
}
