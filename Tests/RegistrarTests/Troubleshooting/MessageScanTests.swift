import Testing

@Suite("Finding messages in Swift source")
struct MessageScanTests {
    private func texts(_ source: String) -> [String] { SwiftLexer.tokens(of: source).compactMap(\.text) }

    @Test("an interpolation is an ellipsis, whatever stands in it")
    func interpolations() {
        #expect(texts(#""no source \(id) here""#) == ["no source … here"])
        #expect(texts(#""a \(names.joined(separator: ", ")) b""#) == ["a … b"])
        #expect(texts(#""a \(x.map { ": \($0) (\(f(")")))" } ?? "none") b""#) == ["a … b"])
        #expect(texts(##"#"raw \(kept) and \#(gone)"#"##) == [#"raw \(kept) and …"#])
    }

    @Test("escapes are read, and quotes in comments are none")
    func escapes() {
        #expect(texts(#""say \"yes\" \\ \u{2026}""#) == [#"say "yes" \ …"#])
        #expect(texts("// \"not this\"\n/* \"nor /* this\" */ \" */ \"this\"") == ["this"])
    }

    @Test("a text of several lines loses its indentation")
    func blocks() {
        let source = "let a = \"\"\"\n    one \"quoted\" \\(b)\n      two \\\n    three\n    \"\"\""
        #expect(texts(source) == ["one \"quoted\" …\n  two three"])
    }

    private func expression(_ source: String) -> MessageExpression {
        MessageExpression(SwiftLexer.tokens(of: source))
    }

    @Test("what is added up is one message, and what varies in it an ellipsis")
    func sums() {
        #expect(expression(#""the list has " + "an \(end)""#).patterns == ["the list has an …"])
        #expect(expression(#"("a" + (b.map { " (\($0))" } ?? "") + "c")"#).patterns == ["a…c"])
        #expect(expression(#""\(a)\(b) c""#).patterns == ["… c"])
    }

    @Test("a choice is several messages, and a name instead of a text is told")
    func choices() {
        let choice = expression(#"a?.isOn == true ? "it is on" : b ?? "it is \(c)""#)
        #expect(choice.patterns == ["it is on", "it is …"])
        #expect(choice.forwarded == ["b"])
        #expect(expression(#""\(place): \(message)""#).forwarded == ["\"…: …\""])
    }

    private func scan(_ form: MessageMaker.Form, _ source: String, name: String = "Fault") -> MessageScan {
        MessageScan(
            makers: [MessageMaker(name, form, exit: .codes(70))],
            sources: [("a.swift", SwiftLexer.tokens(of: source))]
        )
    }

    @Test("a message is found in the argument of a call, not in a declaration or a pattern")
    func calls() {
        let source = """
            struct Fault { func Fault(_ text: String) {} }
            throw Fault(.bad, "it broke:\\n" + reason, cause: error)
            """
        let found = scan(.position(1), source)
        #expect(found.messages.map(\.pattern) == ["it broke:"])
        #expect(found.messages.map(\.place) == ["a.swift:2"])
        let pattern = "case .Fault(let reason): .Fault(reason: \"gone\")"
        #expect(scan(.label("reason"), pattern).messages.map(\.pattern) == ["gone"])
    }

    @Test("a call with words in another place is told, not passed over")
    func strangers() {
        #expect(scan(.position(1), #"Fault("words that nobody finds")"#).forwarded.count == 1)
        #expect(scan(.position(1), "Fault(error)").forwarded.isEmpty)
    }

    @Test("messages are found in assignments and bodies")
    func otherPlaces() {
        let source = "let text =\n  a\n  ? \"the first words\"\n  : \"the other words\"\nlet b = \"no\""
        let assigned = scan(.assigned, source, name: "text").messages.map(\.pattern)
        #expect(assigned == ["the first words", "the other words"])
        let body = "var words: String { switch self { case .a: \"stop at once \" + now\ncase .b: \"x\" } }"
        #expect(scan(.body, body, name: "var words").messages.map(\.pattern) == ["stop at once …"])
    }

    @Test("the page is read: messages, exit codes, meaning and remedy")
    func page() throws {
        let text = "# Title\n" + TroubleshootingPage.draft("no such …", exits: ["69", "1"])
        let entry = try #require(TroubleshootingPage(text).entries.first)
        #expect(entry.messages == ["no such …"])
        #expect(entry.exits == ["1", "69"])
        #expect(entry.meaning.isEmpty && entry.remedy.isEmpty)
        let whole = try #require(
            TroubleshootingPage("```text\na\nb\n```\n\n- **Meaning:** it\n  is\n- **Remedy:** do\n").entries.first
        )
        #expect(whole.messages == ["a", "b"])
        #expect(whole.meaning == "it is" && whole.remedy == "do")
    }
}
