/// Lets the global options stand before the command's name: the parser knows them as options of each command.
enum ArgumentOrder {
    /// `arguments` with the global options in front of the command moved behind its name.
    static func normalised(_ arguments: [String]) -> [String] {
        var moved: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if GlobalOptions.names.contains(first), rest.count > 1 {
                moved += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if GlobalOptions.names.contains(where: { first.hasPrefix("\($0)=") }) {
                moved.append(first)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard let command = rest.first, !command.hasPrefix("-") else {
            return moved.isEmpty ? arguments : Array(rest) + moved
        }
        // `help` takes the names of commands only.
        guard command != "help" else { return Array(rest) }
        return [command] + moved + rest.dropFirst()
    }
}
