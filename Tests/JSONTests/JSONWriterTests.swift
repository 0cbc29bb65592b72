import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test(
        "canonical text",
        arguments: [
            (#" { "b" : 1 , "a" : [ true , false , null , { } , [ ] ] } "#, #"{"a":[true,false,null,{},[]],"b":1}"#),
            (#"{"b":1,"a":2,"B":3,"":4,"ab":5,"é":6,"e":7}"#, #"{"":4,"B":3,"a":2,"ab":5,"b":1,"e":7,"é":6}"#),
            (#"[1.0,1e2,1E+2,-0,93.33333333333333333]"#, #"[1.0,1e2,1E+2,-0,93.33333333333333333]"#),
            (
                #""\/\"\\\b\f\n\r\t\u0001\u001f\u007f\u00e9\ud83d\ude00""#,
                "\"/\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\u{7F}é😀\""
            ),
            (#""a\u0000b""#, "\"a\u{FFFD}b\""), (#"{"a\u0000":1}"#, "{\"a\u{FFFD}\":1}"),
            (#"{"b":1,"a":9,"b":2}"#, #"{"a":9,"b":2}"#), (#"{"a":1,"a":2}"#, #"{"a":2}"#),
            (#"{"a":tru,"b":1}"#, #"{"a":null,"b":1}"#),
            ("\"\u{1F}\"".replacing("\u{1F}", with: #"\u001F"#), #""\u001f""#),
            (#""1234567\"89012345\\6""#, #""1234567\"89012345\\6""#),
        ]
    )
    func canonicalText(_ text: String, _ expected: String) throws {
        let result = try canonical(text)
        #expect(Array(result.utf8) == Array(expected.utf8))
        #expect(try canonical(result) == result)
    }

    @Test("a realistic page survives, and its copy is its own canonical form")
    func page() throws {
        let once = try canonical(makePage(records: 3))
        #expect(try canonical(once) == once)
        try parse(once).withRoot { root in
            #expect(root["data"]?.elements.map { $0["fields"]?["cf_grade"]?.string } == ["11", "11", "11"])
        }
    }

    @Test("an object built from parts is sorted and complete")
    func builder() throws {
        var writer = JSONObjectWriter()
        #expect(writer.isEmpty && writer.finish() == "{}")
        try parse(#"{"z":{"q":1,"p":[2]},"m":"text","a\u0000":3}"#).withRoot { root in
            for (key, value) in root.members { writer.add(key, value) }
            writer.add("copy", try #require(root["z"]))
        }
        writer.add("b", bool: true)
        writer.add("n", numberToken: "93.330")
        writer.add("s", string: "say \"hi\"\u{0}\n")
        writer.add("", string: "")
        writer.addNull("é")
        writer.add("b", bool: false)
        #expect(!writer.isEmpty)
        let expected =
            #"{"":"","a"# + "\u{FFFD}" + #"":3,"b":false,"copy":{"p":[2],"q":1},"m":"text","n":93.330,"#
            + #""s":"say \"hi\""# + "\u{FFFD}" + #"\n","z":{"p":[2],"q":1},"é":null}"#
        let result = writer.finish()
        #expect(Array(result.utf8) == Array(expected.utf8))
        #expect(refusal(of: result) == nil && writer.isEmpty)
        writer.add("x", bool: true)
        #expect(writer.finish() == #"{"x":true}"#)
    }

    @Test(
        "a token that is no number is written as text",
        arguments: [
            ("42", "42"), ("-0.5e+3", "-0.5e+3"), ("NaN", #""NaN""#), ("", #""""#), ("01", #""01""#), ("1 ", #""1 ""#),
            ("1e999999", #""1e999999""#),
        ]
    )
    func tokens(_ token: String, _ expected: String) {
        var writer = JSONObjectWriter()
        writer.add("n", numberToken: token)
        #expect(writer.finish() == #"{"n":\#(expected)}"#)
    }
}
