/// A message of the code, with the places where it is made and the exit codes that follow from them.
struct FoundMessage {
    var pattern: String
    var exits: Set<String>
    var place: String
}

/// Finds the messages that the makers make in the sources.
struct MessageScan {
    private(set) var messages: [FoundMessage] = []
    /// Arguments without a literal, as `maker: argument`, each with its place: their words come from elsewhere.
    private(set) var forwarded: [(text: String, place: String)] = []
    /// The makers that were met, by their places in the list.
    private(set) var met: Set<Int> = []

    init(makers: [MessageMaker], sources: [(path: String, tokens: [SwiftToken])]) {
        for source in sources {
            let tokens = source.tokens
            let calls = Self.calls(tokens)
            var missed: [(MessageMaker, MessageSite)] = []
            var known: Set<String> = []
            for (number, maker) in makers.enumerated() where maker.covers(source.path) {
                let count = messages.count + forwarded.count
                switch maker.form {
                case .position, .label:
                    for index in calls[maker.word] ?? [] where Self.isCall(of: maker, at: index, tokens) {
                        let site = Self.site(at: index, source.path, tokens)
                        guard let argument = site.message(maker.form) else {
                            missed.append((maker, site))
                            continue
                        }
                        known.insert("\(maker.name) \(site.place)")
                        read(argument.tokens, at: site, maker)
                    }
                case .assigned:
                    for (tokens, line) in Self.assignments(to: maker.name, tokens) {
                        read(tokens, at: MessageSite(path: source.path, line: line), maker)
                    }
                case .body: readBodies(of: maker, source.path, tokens)
                }
                if messages.count + forwarded.count > count { met.insert(number) }
            }
            // A call without the argument, but with words in another place, would be passed over.
            for (maker, site) in missed where !known.contains("\(maker.name) \(site.place)") {
                let words = site.arguments.flatMap(\.tokens).compactMap(\.text)
                guard words.contains(where: { Self.isMessage($0) }) else { continue }
                let written = site.arguments.map(\.source).joined(separator: ", ")
                forwarded.append(("\(maker.name)(\(written))", site.place))
            }
        }
    }

    /// Whether a text is one of its own; what begins with a semicolon is added to another.
    private static func isMessage(_ text: String) -> Bool {
        text.contains(" ") && !text.hasPrefix(";") && text.count(where: \.isLetter) >= 10
    }

    /// What the user searches for: the first line, without the program's name.
    private static func shown(_ pattern: String) -> String {
        let line = pattern.prefix { $0 != "\n" }
        return line.hasPrefix("registrar: ") ? String(line.dropFirst("registrar: ".count)) : String(line)
    }

    private mutating func read(_ tokens: [SwiftToken], at site: MessageSite, _ maker: MessageMaker) {
        guard let exits = maker.exit.exits(site) else { return }
        let expression = MessageExpression(tokens)
        for pattern in expression.patterns.map(Self.shown) {
            guard pattern.contains(where: \.isLetter) else { continue }
            messages.append(FoundMessage(pattern: pattern, exits: exits, place: site.place))
        }
        forwarded += expression.forwarded.map { ("\(maker.name): \($0)", site.place) }
    }

    // MARK: Calls

    /// Where a word stands in front of a parenthesis.
    private static func calls(_ tokens: [SwiftToken]) -> [String: [Int]] {
        var calls: [String: [Int]] = [:]
        for index in tokens.indices.dropLast() where tokens[index + 1].isSign("(") {
            if case .word(let name) = tokens[index].kind { calls[name, default: []].append(index) }
        }
        return calls
    }

    /// Whether it is a call, and no declaration or pattern.
    private static func isCall(of maker: MessageMaker, at index: Int, _ tokens: [SwiftToken]) -> Bool {
        let isMember = index > 0 && tokens[index - 1].isSign(".")
        let isDeclared = index > 0 && ["func", "case"].contains(where: tokens[index - 1].isWord)
        // A pattern of a switch binds what a call hands over.
        let isPattern = tokens.indices.contains(index + 2) && tokens[index + 2].isWord("let")
        return !isDeclared && !isPattern && (isMember || maker.word == maker.name)
    }

    private static func site(at index: Int, _ path: String, _ tokens: [SwiftToken]) -> MessageSite {
        let end = MessageExpression.end(ofGroupAt: index + 1, tokens)
        let arguments = arguments(Array(tokens[(index + 2)..<(end - 1)]))
        return MessageSite(path: path, line: tokens[index].line, arguments: arguments)
    }

    private static func arguments(_ tokens: [SwiftToken]) -> [MessageSite.Argument] {
        var (arguments, current, index) = ([MessageSite.Argument](), [SwiftToken](), 0)
        func finish() {
            guard !current.isEmpty else { return }
            var label: String?
            if current.count > 1, case .word(let name) = current[0].kind, current[1].isSign(":"), !current[1].isSpaced {
                label = name
                current.removeFirst(2)
            }
            arguments.append(MessageSite.Argument(label: label, tokens: current))
            current = []
        }
        while index < tokens.count {
            let end = MessageExpression.end(ofGroupAt: index, tokens)
            if tokens[index].isSign(",") { finish() } else { current += tokens[index..<end] }
            index = end
        }
        finish()
        return arguments
    }

    // MARK: Other places

    /// What is assigned to a name: up to the end of the line, and further where the next line goes on.
    private static func assignments(to name: String, _ tokens: [SwiftToken]) -> [([SwiftToken], line: Int)] {
        var found: [([SwiftToken], line: Int)] = []
        for index in tokens.indices.dropLast() where tokens[index].isWord(name) && tokens[index + 1].isSign("=") {
            var (value, next) = ([SwiftToken](), index + 2)
            while next < tokens.count {
                let isOnNewLine = !value.isEmpty && tokens[next].line > tokens[next - 1].line
                if isOnNewLine, !["+", "?", ":", "??"].contains(where: tokens[next].isSign) { break }
                let end = MessageExpression.end(ofGroupAt: next, tokens)
                value += tokens[next..<end]
                next = end
            }
            found.append((value, tokens[index].line))
        }
        return found
    }

    private mutating func readBodies(of maker: MessageMaker, _ path: String, _ tokens: [SwiftToken]) {
        let name = SwiftLexer.tokens(of: maker.name).map(\.kind)
        for start in tokens.indices where tokens[start...].prefix(name.count).map(\.kind) == name {
            guard let brace = tokens[start...].firstIndex(where: { $0.isSign("{") }) else { continue }
            let site = MessageSite(path: path, line: tokens[start].line)
            let body = tokens[brace..<MessageExpression.end(ofGroupAt: brace, tokens)]
            for pattern in Self.sums(Array(body)) where Self.isMessage(pattern) {
                messages.append(
                    FoundMessage(pattern: pattern, exits: maker.exit.exits(site) ?? [], place: site.place)
                )
            }
        }
    }

    /// Each literal of a body, joined with what is added to it.
    private static func sums(_ tokens: [SwiftToken]) -> [String] {
        var (sums, index) = ([String](), 0)
        while index < tokens.count {
            guard var sum = tokens[index].text else {
                index += 1
                continue
            }
            index += 1
            while index + 1 < tokens.count, tokens[index].isSign("+") {
                sum += tokens[index + 1].text ?? SwiftLexer.hole
                index = MessageExpression.end(ofGroupAt: index + 1, tokens)
            }
            sums.append(MessageExpression.collapsed(sum))
        }
        return sums
    }
}
