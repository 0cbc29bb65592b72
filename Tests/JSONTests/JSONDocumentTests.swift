import JSON
import Testing

@Suite struct JSONDocumentTests {
    @Test("reads every kind of value")
    func kinds() throws {
        let document = try parse(#" {"a":null,"b":true,"c":false,"d":-1.5,"e":"x","f":[1,[]],"g":{"h":{}}} "#)
        document.withRoot { root in
            #expect(root.kind == .object && root.count == 7 && root.height == 3 && root.faults.isEmpty)
            #expect(root["a"]?.isNull == true && root["a"]?.kind == .null && root["missing"] == nil)
            #expect(root["b"]?.bool == true && root["c"]?.bool == false && root["d"]?.bool == nil)
            #expect(root["d"]?.numberToken == "-1.5" && root["d"]?.double == -1.5 && root["d"]?.int64 == nil)
            #expect(root["e"]?.string == "x" && root["e"]?.numberToken == nil && root["d"]?.string == nil)
            #expect(root["f"]?.kind == .array && root["f"]?.count == 2 && root["f"]?.height == 2)
            #expect(root["f"]?.elements.map(\.kind) == [.number, .array])
            #expect(root["g"]?["h"]?.count == 0 && root["g"]?["h"]?.height == 1)
            #expect(root["e"]?["x"] == nil && root["e"]?.count == 0 && root["e"]?.height == 0)
            #expect(root.members.map(\.key.string) == ["a", "b", "c", "d", "e", "f", "g"])
            #expect(root["f"]?.members.map(\.key.string) == [] && root.elements.map(\.kind) == [])
            #expect(root.members.contains { $0.key == "g" } && !root.members.contains { $0.key == "gg" })
            #expect(root.member(named: "e")?.string == "x" && root.member(named: "") == nil)
        }
    }

    @Test(
        "a top level scalar is JSON; its shape is the caller's to judge",
        arguments: [
            ("null", JSONValue.Kind.null), ("true", .bool), (#""x""#, .string), ("42", .number), ("[]", .array),
            ("{}", .object), (" \t\r\n1 \n", .number), (#""""#, .string),
        ]
    )
    func topLevel(_ text: String, _ kind: JSONValue.Kind) throws {
        #expect(try parse(text).withRoot { $0.kind } == kind)
    }

    @Test("one byte order mark is taken away (H4)")
    func mark() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let document = try JSONDocument(parsing: mark + Array(#"{"a":1}"#.utf8))
        #expect(document.withRoot { $0["a"]?.int64 } == 1)
        #expect(refusal(of: mark + mark + Array("{}".utf8)) == .malformed)
        #expect(refusal(of: mark) == .empty)
    }

    @Test("offsets count from the page's first byte, the mark included")
    func offsets() {
        let error = #expect(throws: JSONError.self) {
            try JSONDocument(parsing: [0xEF, 0xBB, 0xBF] + Array("[1] x".utf8))
        }
        #expect(error?.byteOffset == 7 && error?.code == .trailingBytes)
        #expect(error.map { "\($0)" } == "the answer goes on after its JSON has ended (byte 7)")
    }

    @Test(
        "a page that is no JSON is refused by what it is",
        arguments: [
            ("", JSONError.Code.empty), (" \n\t", .empty), ("<html>", .html), ("  <!DOCTYPE html><p>no</p>", .html),
            ("[1,]", .malformed), (#"{"a":1,}"#, .malformed), ("[,1]", .malformed), ("[1 2]", .malformed),
            (#"{"a" 1}"#, .malformed), (#"{"a"}"#, .malformed), ("{1:2}", .malformed), ("{a:1}", .malformed),
            ("{'a':1}", .malformed), ("[1}", .malformed), (#"{"a":1]"#, .malformed), ("]", .malformed),
            (":", .malformed),
            ("[1]]", .trailingBytes), ("[1][2]", .trailingBytes), ("{}\n{}", .trailingBytes), ("1 2", .trailingBytes),
            ("{} // note", .trailingBytes), ("[1 /* one */]", .malformed), ("[\"a\u{1}b\"]", .malformed),
            ("[\"a\nb\"]", .malformed), ("tru", .malformed), ("NaN", .malformed), ("01", .malformed),
            ("+1", .malformed),
            (".5", .malformed), ("0x1", .malformed), ("-", .malformed), ("1.", .malformed), ("Bad Gateway", .malformed),
            (#""\x""#, .malformed), ("\u{B}1", .malformed),
            ("[1]\u{C}", .trailingBytes), (#"{"a":{"b":1},}"#, .malformed), (#"{"a":[1},"b":1}"#, .malformed),
            ("[", .truncated), ("{", .truncated), (#"{"a"#, .truncated), (#"{"a""#, .truncated),
            (#"{"a":"#, .truncated),
            (#"{"a":1"#, .truncated), (#"{"a":1,"#, .truncated), ("[tru", .truncated), (#"["\"#, .truncated),
        ]
    )
    func refused(_ text: String, _ code: JSONError.Code) {
        #expect(refusal(of: text) == code)
    }

    @Test(
        "other encodings and broken UTF-8 are refused (H5)",
        arguments: [
            ([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], JSONError.Code.utf16),
            ([0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D], .utf16),
            ([0x7B, 0x00, 0x7D, 0x00], .utf16), ([0x00, 0x7B, 0x00, 0x7D], .utf16),
            ([0xFF, 0xFE, 0, 0, 0x31, 0, 0, 0], .utf16),
            ([0x22, 0xFF, 0x22], .invalidUTF8), ([0x22, 0xC0, 0x80, 0x22], .invalidUTF8),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8),
            ([0x22, 0xE0, 0x80, 0x80, 0x22], .invalidUTF8), ([0x22, 0xC3, 0x22], .invalidUTF8),
            ([0x22, 0x80, 0x22], .invalidUTF8), ([0x5B, 0x22, 0xE2, 0x82], .truncated),
        ]
    )
    func encodings(_ bytes: [UInt8], _ code: JSONError.Code) {
        #expect(refusal(of: bytes) == code)
    }

    @Test(
        "bytes that no token has, beside a token: refused or flagged, as the processor finds tokens",
        arguments: [
            "[1\u{C}]", "[\u{C}1]", "[1\u{1A}2]", "[1\u{B}]", "[true\u{A0}]", "[\"a\"\u{C}]", "[\"a\"x]", "[1\"a\"]",
            "[{}\u{0}]",
            "[1\u{FEFF}]",
        ]
    )
    func strayBytes(_ text: String) throws {
        guard let document = try? parse(text) else { return }
        #expect(document.withRoot { $0.faults } == .invalidValue)
    }

    @Test("a page cut anywhere is refused (H7)")
    func truncation() {
        let page = Array(makePage(records: 50).utf8)
        #expect(refusal(of: page) == nil)
        for length in stride(from: 0, to: page.count, by: 7) {
            #expect(refusal(of: Array(page[..<length])) != nil, "cut at \(length)")
        }
        let short = Array(makePage(records: 1).utf8)
        for length in 0..<short.count {
            #expect(refusal(of: Array(short[..<length])) != nil, "cut at \(length)")
        }
    }

    @Test("limits on bytes and values refuse the page")
    func limits() {
        #expect(refusal(of: Array("[1,2]".utf8), limits: JSONLimits(maxBytes: 4)) == .tooLarge)
        #expect(refusal(of: Array("[1,2]".utf8), limits: JSONLimits(maxBytes: 5)) == nil)
        let values = Array(("[0" + String(repeating: ",0", count: 999) + "]").utf8)
        #expect(refusal(of: values, limits: JSONLimits(maxValues: 900)) == .tooManyValues)
        #expect(refusal(of: values, limits: JSONLimits(maxValues: 1100)) == nil)
    }

    @Test("a realistic page takes little memory above its own size")
    func memory() throws {
        let page = makePage(records: 50)
        let document = try parse(page)
        #expect(document.memoryBytes < page.utf8.count * 24 / 10)
        try document.withRoot { root in
            let records = try #require(root["data"])
            #expect(records.count == 50 && root["meta"]?["totalItems"]?.int64 == 50 && root.faults.isEmpty)
            let last = try #require(
                records.elements.max { ($0["last_login"]?.int64 ?? 0) < ($1["last_login"]?.int64 ?? 0) }
            )
            #expect(last["username"]?.string == "Maya אב Cohen 49" && last["last_name"]?.string == #"Cohen "M""#)
            #expect(last["fields"]?["address"]?.string == "Rothschild Blvd 1\nTel Aviv")
            #expect(last["score"]?.numberToken == "93.33333333333333333")
        }
    }

    @Test("many threads parse at once")
    func threads() async throws {
        let pages = (1...8).map { Array(makePage(records: $0 * 20).utf8) }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for round in 0..<64 {
                group.addTask {
                    try JSONDocument(parsing: pages[round % 8]).withRoot { $0["data"]?.count }
                }
            }
            var total = 0
            for try await count in group { total += count ?? 0 }
            #expect(total == 8 * 20 * 36)
        }
    }
}
