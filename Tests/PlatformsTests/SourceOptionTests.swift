import Testing

@testable import Platforms

@Suite("An option that is declared once")
struct SourceOptionTests {
    private struct Keys: OptionKeys {
        enum Word: String, Sendable, CaseIterable {
            case one
            case other
        }

        static let declared = Keys()

        let root = SourceOption.text("root", default: "/api", help: "Root.")
        let field = SourceOption.text("field", example: "cf", help: "Field.")
        let word = SourceOption<Word>.word("word", default: .one, help: "Word.")
        let pause = SourceOption.duration("pause", default: .seconds(65), help: "Pause.")
        let since = SourceOption.duration("since", example: .seconds(90), help: "Since.")
        let batch = SourceOption.integer("batch", default: 100, in: 1...100, unit: "ids", help: "Batch.")
        let share = SourceOption.number("share", default: 0.1, unit: "share", help: "Share.")
        let skips = SourceOption.flag("skip", default: true, help: "Skip.")
        let types = SourceOption.list("types", default: ["a"], help: "Types.")
        let paths = SourceOption.texts("paths", example: ["a": "b"], help: "Paths.")
        let sizes = SourceOption.integers("sizes", example: ["a": 1], in: 1...Int.max, help: "Sizes.")
    }

    @Test("has its default where nothing is configured, and where the value has another shape")
    func defaults() {
        let wrong = OptionValue.map(["x": .boolean(true)])
        let every = SourceOptions<Keys>.descriptions.map { ($0.name, wrong) }
        for values in [[:], Dictionary(uniqueKeysWithValues: every)] {
            let options = SourceOptions<Keys>(values: values)
            #expect(options.root == "/api" && options.field == nil && options.word == .one)
            #expect(options.pause == .seconds(65) && options.since == nil)
            #expect(options.batch == 100 && options.share == 0.1 && options.skips)
            #expect(options.types == ["a"] && options.paths.isEmpty && options.sizes.isEmpty)
        }
        let unknown = SourceOptions<Keys>(values: ["word": .string("third")])
        #expect(unknown.word == .one)
    }

    @Test("has what is configured")
    func configured() {
        let options = SourceOptions<Keys>(values: [
            "root": .string("/v2"), "field": .string("cf_n"), "word": .string("other"), "pause": .duration(.seconds(1)),
            "since": .duration(.seconds(2)), "batch": .integer(7), "share": .number(0.5), "skip": .boolean(false),
            "types": .list(["b", "c"]), "paths": .map(["/a": .string("/b"), "/c": .integer(1)]),
            "sizes": .map(["a": .integer(5), "b": .string("x")]),
        ])
        #expect(options.root == "/v2" && options.field == "cf_n" && options.word == .other)
        #expect(options.pause == .seconds(1) && options.since == .seconds(2))
        #expect(options.batch == 7 && options.share == 0.5 && !options.skips && options.types == ["b", "c"])
        #expect(options.paths == ["/a": "/b"] && options.sizes == ["a": 5])
    }

    @Test("a whole number beyond its bounds counts as the nearest within; a share may be a whole number")
    func bounds() {
        let high = SourceOptions<Keys>(values: ["batch": .integer(5_000), "share": .integer(1)])
        let low = SourceOptions<Keys>(values: ["batch": .integer(0), "sizes": .map(["a": .integer(-3)])])
        #expect(high.batch == 100 && high.share == 1)
        #expect(low.batch == 1 && low.sizes == ["a": 1])
    }

    @Test("can be set by the connector as if it had been configured")
    func setting() {
        var options = SourceOptions<Keys>(values: [:])
        (options.root, options.pause, options.field) = ("/gateway/api", .seconds(3), "cf_x")
        #expect(options.root == "/gateway/api" && options.pause == .seconds(3) && options.field == "cf_x")
        options.field = nil
        #expect(options.field == nil)
    }

    @Test("is described in the order of the declarations, with default or example")
    func descriptions() {
        let all = SourceOptions<Keys>.descriptions
        #expect(
            all.map(\.name) == [
                "root", "field", "word", "pause", "since", "batch", "share", "skip", "types", "paths", "sizes",
            ]
        )
        #expect(all[0].defaultValue == .string("/api") && all[1].defaultValue == nil)
        #expect(all[1].standard == .none(example: .string("cf")))
        #expect(all[2].shape == .choice(["one", "other"]) && all[5].bounds == 1...100 && all[5].unit == "ids")
    }

    @Test("every kind declares each option once", arguments: PlatformRegistry.kinds.map(\.kind))
    func unique(kind: String) throws {
        let names = try #require(PlatformRegistry.kinds.first { $0.kind == kind }).options.map(\.name)
        #expect(!names.isEmpty && Set(names).count == names.count)
    }
}
