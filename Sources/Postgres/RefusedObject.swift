/// The object that a refusal is about, where the server tells it in its sentence only.
enum RefusedObject {
    /// Answers about rights and about what does not exist name objects of the catalogue and never values.
    private static let telling: Set = ["42501", "42P01", "42703", "42704", "42883", "3F000"]
    private static let rightPhrases = ["permission denied for ", "must be owner of ", "must be the owner of "]

    /// For example `table courses`, `schema sync` or `lms.courses`; `nil` where the sentence is not understood.
    ///
    /// Only plain names are taken over, so that nothing else of the sentence can show.
    static func name(sqlState: String?, message: String?) -> String? {
        guard let sqlState, telling.contains(sqlState), let message else { return nil }
        if sqlState == "42501", let phrase = rightPhrases.first(where: { message.hasPrefix($0) }) {
            let words = message.dropFirst(phrase.count).split(separator: " ")
            return words.count >= 2 && words.allSatisfy(isPlain) ? words.joined(separator: " ") : nil
        }
        let quoted = message.split(separator: "\"", omittingEmptySubsequences: false)
        if quoted.count >= 3, isPlain(quoted[1]) { return String(quoted[1]) }
        return sqlState == "42883" ? message.split(separator: " ").dropFirst().first.flatMap(function) : nil
    }

    /// `sync.ensure_indexes()` of "function sync.ensure_indexes() does not exist".
    private static func function(_ word: Substring) -> String? {
        let name = word.prefix { $0 != "(" }
        return name.isEmpty || !isPlain(name) ? nil : "\(name)()"
    }

    private static func isPlain(_ word: Substring) -> Bool {
        word.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
                || byte == 46 || byte == 36
        }
    }
}
