import Records

extension DataDeclaration {
    /// What a platform's page says of it: what stays empty and why, what needs a setting, what is sent and not stored.
    package var markdown: String {
        var text = "Empty:\n\n| table or column | why |\n|---|---|\n"
        for (names, why) in emptyByReason { text += Self.row(names, why) }
        if !conditions.isEmpty {
            text += "\nFilled where something asks for it:\n\n| column | when |\n|---|---|\n"
            for remark in conditions { text += Self.row(remark.names, remark.text) }
        }
        text += "\nSent by the platform and not stored:\n\n| field | why |\n|---|---|\n"
        for remark in dropped { text += Self.row(remark.names, remark.text) }
        return text
    }

    /// What stays empty, grouped by why, in the order of the tables.
    private var emptyByReason: [(names: [String], why: String)] {
        let left = Set(empty)
        var groups = reasons.map { (names: $0.names.filter(left.contains), why: $0.text) }
        let explained = Set(reasons.flatMap(\.names))
        let others = empty.filter { !explained.contains($0) }
        if !others.isEmpty { groups.append((others, "the platform sends nothing of the kind")) }
        return groups.filter { !$0.names.isEmpty }
    }

    private static func row(_ names: [String], _ text: String) -> String {
        "| \(names.map { "`\($0)`" }.joined(separator: ", ")) | \(text) |\n"
    }
}

extension DataDictionary {
    /// The dictionary as a page, with the kinds that fill each column.
    package static func markdown(kinds: [KindDescription]) -> String {
        markdown { column, table in
            let filling = kinds.filter { $0.data.fills(column, of: table) }.map(\.kind)
            return filling.count == kinds.count ? "all" : filling.isEmpty ? "reserved" : filling.joined(separator: ", ")
        }
    }
}
