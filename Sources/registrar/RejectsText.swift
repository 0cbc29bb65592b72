import JSON
import Settings
import Sync

/// `rejects` for the user, grouped by reason, or as the contract's JSON.
enum RejectsText {
    /// What a retry brought.
    struct Retried {
        var asked: Int
        var resolved: Int
    }

    static func text(_ retried: Retried) -> String {
        "\(Numbers.grouped(retried.resolved)) of \(Numbers.grouped(retried.asked)) rejects resolved\n"
    }

    private struct Group: Hashable {
        let source: String
        let stream: String
        let reason: String
    }

    static func text(_ rows: [RejectRow]) -> String {
        guard !rows.isEmpty else { return "no rejects\n" }
        var order: [Group] = []
        var groups: [Group: [RejectRow]] = [:]
        for row in rows {
            let group = Group(source: row.sourceID, stream: row.stream, reason: row.reason)
            if groups[group] == nil { order.append(group) }
            groups[group, default: []].append(row)
        }
        var table = TextTable([
            ("source", .left), ("stream", .left), ("count", .right), ("last", .left), ("reason", .left),
            ("records", .left),
        ])
        for group in order {
            let members = groups[group] ?? []
            let keys = members.prefix(3).map { $0.naturalKey ?? "(no id)" }.joined(separator: ", ")
            table.add([
                group.source, group.stream, Numbers.grouped(members.count), members.map(\.rejectedAt).max() ?? "-",
                group.reason, members.count > 3 ? "\(keys), …" : keys,
            ])
        }
        return table.text()
    }

    static func json(_ rows: [RejectRow], _ retried: Retried? = nil) -> JSONOutput {
        let counts = retried.map { [("retried", JSONOutput($0.asked)), ("resolved", JSONOutput($0.resolved))] } ?? []
        return .object(
            [
                (
                    "rejects",
                    .array(
                        rows.map { row in
                            .object([
                                ("reject_id", JSONOutput(row.rejectID)),
                                ("source_id", .string(row.sourceID)),
                                ("stream", .string(row.stream)),
                                ("natural_key", JSONOutput(row.naturalKey)),
                                ("reason", .string(row.reason)),
                                ("rejected_at", .string(row.rejectedAt)),
                            ])
                        }
                    )
                )
            ] + counts
        )
    }
}
