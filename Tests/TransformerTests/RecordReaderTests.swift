import JSON
import Records
import Testing
import Transformer

@Suite("Reading a record's fields")
struct RecordReaderTests {
    private let now = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)
    private let shape = RecordShape(key: [.member("id")], ignored: ["known"], rejectPayload: ["id"], path: "list[].")

    /// Reads one record and returns what `body` does, and the drift it leaves.
    private func reading<Value>(
        _ json: String,
        _ body: (inout RecordReader) -> Value
    ) throws -> (Value, Set<DriftNote>) {
        try JSONDocument(parsing: Array(json.utf8)).withRoot { root in
            var reader = RecordReader(root, context: ReadingContext(now: now, screen: SecretScreen()))
            let value = body(&reader)
            var log = DriftLog()
            reader.note(in: &log, shape: shape)
            return (value, log.notes(for: "s"))
        }
    }

    private func note(_ field: String, _ type: String, kept: Bool) -> Set<DriftNote> {
        [DriftNote(stream: "s", field: "list[].\(field)", jsonType: type, kept: kept)]
    }

    @Test("fields are found in any order, and absent ones cost nothing")
    func order() throws {
        let (values, drift) = try reading(#"{"a":"1","b":"2","c":"3"}"#) { reader in
            [reader.text("c"), reader.text("a"), reader.text("none"), reader.text("b"), reader.text("a")]
        }
        #expect(values == ["3", "1", nil, "2", "1"])
        #expect(drift.isEmpty)
    }

    @Test("missing, null and empty are three things")
    func presence() throws {
        let (values, drift) = try reading(#"{"null":null,"empty":""}"#) { reader in
            [
                reader.has("null"), reader.has("empty"), reader.has("missing"), reader.text("null") == nil,
                reader.text("empty") == "", reader.text("empty", emptyIsNull: true) == nil,
            ]
        }
        #expect(values == [true, true, false, true, true, true])
        #expect(drift.isEmpty)
    }

    @Test("what nobody knows is noted, what is known and not stored is not")
    func unknown() throws {
        let (_, drift) = try reading(#"{"known":1,"new":[],"a":1}"#) { $0.integer("a") }
        #expect(drift == note("new", "array", kept: false))
    }

    @Test("more members than there are bits for are still read")
    func manyMembers() throws {
        let members = (0..<300).map { #""m\#($0)":\#($0)"# }.joined(separator: ",")
        let (values, drift) = try reading("{\(members)}") {
            [$0.integer("m299"), $0.integer("m127"), $0.integer("m0")]
        }
        #expect(values == [299, 127, 0])
        #expect(drift.count == 101, "capped, and said so")
    }

    @Test(
        "whole numbers, whatever they are written like",
        arguments: [
            ("1", 1), ("1.0", 1), ("1e2", 100), ("-0", 0), ("9223372036854775807", Int64.max), ("\"42\"", 42),
            ("9223372036854775808", nil), ("1.5", nil), ("1e400", nil), ("\" 42 \"", nil), ("\"42abc\"", nil),
            ("\"4,2\"", nil), ("\"+7\"", nil), ("true", nil), ("[]", nil), ("{}", nil), ("\"\"", nil), ("null", nil),
        ] as [(String, Int64?)]
    )
    func integers(token: String, expected: Int64?) throws {
        let (value, drift) = try reading(#"{"n":\#(token)}"#) { $0.integer("n") }
        #expect(value == expected)
        let isQuiet = token == "null" || token == "\"\"" || (expected != nil && !token.hasPrefix("\""))
        #expect(drift.isEmpty == isQuiet)
        if !isQuiet { #expect(drift.first?.kept == (expected != nil)) }
    }

    @Test(
        "decimals keep every digit",
        arguments: [
            ("93.33333333333333333", "93.33333333333333333"), ("8.50000", "8.5"), ("\"87.5\"", "87.5"),
            ("123456789012345678901234567890123456789.5", "123456789012345678901234567890123456789.5"),
            ("1e400", nil), ("1e-400", nil), ("\"85%\"", nil), ("\" 1\"", nil), ("false", nil),
        ] as [(String, String?)]
    )
    func decimals(token: String, expected: String?) throws {
        let (value, drift) = try reading(#"{"n":\#(token)}"#) { $0.numeric("n") }
        #expect(value?.token == expected)
        #expect(drift.isEmpty == (expected != nil && !token.hasPrefix("\"")))
    }

    @Test(
        "times outside their window are void",
        arguments: [
            ("1751290000", true), ("1751290000.512044", true), ("\"1751290000\"", true), ("1751290000000", false),
            ("1751290000000000", false), ("-1", false), ("0", false), ("315532800", false), ("253402300800", false),
            ("4102444800", false), ("\"\"", false), ("\"0000-00-00\"", false), ("true", false),
        ]
    )
    func unixWindow(token: String, isRead: Bool) throws {
        let (value, drift) = try reading(#"{"t":\#(token)}"#) { $0.timestampSeconds("t") }
        #expect((value != nil) == isRead)
        if token != "\"\"" { #expect(drift.isEmpty == (isRead && !token.hasPrefix("\""))) }
    }

    @Test("0 is null where the platform means it, and an expiry may lie far ahead")
    func timeMeanings() throws {
        let (values, drift) = try reading(#"{"zero":0,"far":4102444800}"#) { reader in
            [reader.timestampSeconds("zero", zeroIsNull: true), reader.timestampSeconds("far", window: .planned)]
        }
        #expect(values == [nil, Timestamp(microsecondsSinceEpoch: 4_102_444_800_000_000)])
        #expect(drift.isEmpty)
    }

    @Test("ISO times without a zone follow the source's rule")
    func isoZones() throws {
        let json = #"{"a":"2025-02-03T10:11","b":"2025-02-03T10:11","c":"2025-02-03T10:11+02:00"}"#
        let (values, drift) = try reading(json) { reader in
            [
                reader.timestampISO("a"), reader.timestampISO("b", zone: .utc), reader.timestampISO("c"),
                reader.timestampISO("b", zone: .local { _ in nil }),
            ]
        }
        #expect(values.map { $0?.iso8601 } == [nil, "2025-02-03T10:11:00Z", "2025-02-03T08:11:00Z", nil])
        #expect(drift == note("a", "string", kept: false).union(note("b", "string", kept: false)))
    }

    @Test("a bare date is midnight in the source's zone, whatever a time without a zone is, and in every kind of field")
    func bareDates() throws {
        let context = ReadingContext(now: now, screen: SecretScreen(), dates: .zone("Europe/Bucharest"))
        let json = #"{"iso":"2025-03-08","seconds":"2025-03-08","summer":"2025-06-08","none":"2025-02-30"}"#
        let times = try JSONDocument(parsing: Array(json.utf8)).withRoot { root in
            var reader = RecordReader(root, context: context)
            return [
                reader.timestampISO("iso"), reader.timestampISO("iso", zone: .utc), reader.timestampSeconds("seconds"),
                reader.decisiveSeconds("seconds"), reader.timestampSeconds("summer"), reader.timestampISO("none"),
                reader.timestampSeconds("none"),
            ]
        }
        let winter = "2025-03-07T22:00:00Z"
        #expect(times.map { $0?.iso8601 } == [winter, winter, winter, winter, "2025-06-07T21:00:00Z", nil, nil])
    }

    @Test(
        "an id that is a whole number is that integer's text, however it was written; any other is its text",
        arguments: [
            ("1", "1"), ("1.0", "1"), ("1e2", "100"), ("1E2", "100"), ("10.00e-1", "1"), ("-0.0", "0"), ("1.5", "1.5"),
            ("12345678901234567890123.0", "12345678901234567890123"), (#""1.0""#, "1.0"), (#""1e2""#, "1e2"),
            (#""007""#, "007"), (#""_1_1""#, "_1_1"),
        ]
    )
    func identifiers(json: String, expected: String) throws {
        let (ids, _) = try reading(#"{"id":\#(json),"outer":{"id":\#(json)}}"#) { reader in
            [
                reader.key("id"), reader.key("outer", "id"), reader.identifier("id") ?? "",
                reader.identifier("outer", "id") ?? "",
            ]
        }
        #expect(ids == [expected, expected, expected, expected])
    }

    @Test("what nobody knows in an object of which something is read is noted with its path")
    func innerDrift() throws {
        let shape = RecordShape(
            key: [.member("id")],
            objects: [.init("user", path: "user.", known: ["id", "email"])]
        )
        let fields = try [#"{"id":1,"user":{"id":2,"email":"e","new":[]}}"#, #"{"id":1,"user":null}"#].map { json in
            try JSONDocument(parsing: Array(json.utf8)).withRoot { root in
                var reader = RecordReader(root, context: ReadingContext(now: now, screen: SecretScreen()))
                _ = (reader.key("id"), reader.value("user"))
                var log = DriftLog()
                reader.note(in: &log, shape: shape)
                return log.notes(for: "s").map { "\($0.field) \($0.jsonType) \($0.kept)" }
            }
        }
        #expect(fields == [["user.new array false"], []])
    }

    @Test("replaced characters are noted in text and refused in keys")
    func replacements() throws {
        let (result, drift) = try reading(#"{"id":"a\u0000","t":"x\ud800y"}"#) { reader in
            _ = reader.key("id")
            return (reader.failure?.cause, reader.text("t"))
        }
        #expect(result.0 == .damagedKey)
        #expect(result.1 == "x\u{FFFD}y")
        #expect(drift == note("t", "string", kept: true))
    }

    @Test("a key longer than an index entry is refused")
    func longKey() throws {
        let json = #"{"id":"\#(String(repeating: "k", count: 513))"}"#
        let (cause, _) = try reading(json) { reader in
            _ = reader.key("id")
            return reader.failure?.cause
        }
        #expect(cause == .keyTooLong)
    }

    @Test("composed and decomposed ids stay two")
    func canonicalEquivalence() throws {
        let (ids, _) = try reading(#"{"a":"\u00e9","b":"e\u0301"}"#) { [$0.key("a"), $0.key("b")] }
        #expect(Array(ids[0].utf8) != Array(ids[1].utf8))
    }

    @Test(
        "nesting up to 64 is read, beyond it the record is rejected",
        arguments: [(64, true), (65, false), (600, false)]
    )
    func depth(levels: Int, isRead: Bool) throws {
        // The record itself is one level.
        let opening = String(repeating: "[", count: levels - 1)
        let closing = String(repeating: "]", count: levels - 1)
        let json = #"[{"id":"a","deep":\#(opening)\#(closing)}]"#
        let cause = try JSONDocument(parsing: Array(json.utf8)).withRoot { root -> RejectCause? in
            for item in root.elements { return RejectCause(faultsOf: item) }
            return nil
        }
        #expect(cause == (isRead ? nil : .tooDeep))
    }

    @Test("a text over 1 MiB rejects its record, with its key")
    func oversize() throws {
        let json = #"[{"id":"big","t":"\#(String(repeating: "x", count: (1 << 20) + 1))"},{"id":"ok","t":"x"}]"#
        var batch = Batch<Organization>(stream: "s")
        let context = ReadingContext(now: now, screen: SecretScreen())
        try JSONDocument(parsing: Array(json.utf8)).withRoot { root in
            for item in root.elements {
                guard var reader = batch.reader(of: item, shape: shape, context: context) else { continue }
                let id = reader.key("id")
                reader.ignore("t")
                batch.append(Organization(organizationID: id), from: reader, shape: shape)
            }
        }
        #expect(batch.rejects.map(\.reason) == ["text too long"])
        #expect(batch.rejects.first?.naturalKey == "big")
        #expect(batch.records.map(\.organizationID) == ["ok"])
    }
}
