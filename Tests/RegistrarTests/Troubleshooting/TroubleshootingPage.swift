/// `docs/troubleshooting.md`: blocks of messages, each followed by a list of what is said of them.
struct TroubleshootingPage {
    struct Entry {
        /// As printed, an ellipsis for what varies.
        var messages: [String]
        /// Numbers, or `none`.
        var exits: Set<String> = []
        var meaning = ""
        var remedy = ""
    }

    private(set) var entries: [Entry] = []

    init(_ text: String) {
        var (isInBlock, field) = (false, "")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                isInBlock = line == "```text"
                if isInBlock { entries.append(Entry(messages: [])) }
                field = ""
            } else if isInBlock {
                entries[entries.count - 1].messages.append(line)
            } else if line.hasPrefix("- **"), let end = line.firstRange(of: ":**") {
                field = String(line[..<end.lowerBound].dropFirst("- **".count))
                add(line[end.upperBound...], to: field)
            } else if line.hasPrefix("  ") {
                add(line[...], to: field)
            } else {
                field = ""
            }
        }
    }

    private mutating func add(_ text: Substring, to field: String) {
        guard !entries.isEmpty else { return }
        let words = text.split(separator: " ").joined(separator: " ")
        func join(_ text: inout String) { text += text.isEmpty ? words : " \(words)" }
        switch field {
        case "Exit code":
            let codes = words.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            entries[entries.count - 1].exits.formUnion(codes.filter { $0 != "or" })
        case "Meaning": join(&entries[entries.count - 1].meaning)
        case "Remedy": join(&entries[entries.count - 1].remedy)
        default: break
        }
    }

    /// The text of an entry whose meaning and remedy are still to be written.
    static func draft(_ message: String, exits: Set<String>) -> String {
        let codes = exits.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }.joined(separator: " or ")
        return """

            ```text
            \(message)
            ```

            - **Exit code:** \(codes)
            - **Meaning:**
            - **Remedy:**

            """
    }
}
