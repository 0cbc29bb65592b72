import JSON
import Settings
import Sync

/// What `forget` did, and which sources it is for.
enum ForgetText {
    static func text(_ report: ForgetReport) -> String {
        let id = LogSafe.text(report.sourceID)
        let total = report.tables.reduce(0) { $0 + $1.rows }
        var table = TextTable([("table", .left), ("rows", .right)])
        for place in report.tables { table.add([place.table, Numbers.grouped(place.rows)]) }
        return report.isDryRun
            ? "\(id): \(Numbers.grouped(total)) rows would be deleted\n" + table.text(indent: "  ")
            : "\(id): \(Numbers.grouped(total)) rows deleted\n" + table.text(indent: "  ")
    }

    /// The sources in the warehouse that the file lacks; empty where there are none.
    static func unlisted(_ sources: [UnlistedSource]) -> String {
        guard !sources.isEmpty else { return "" }
        return "in the warehouse, and not in the file:\n"
            + sources.map { source in
                "  \(LogSafe.text(source.description)): `registrar forget --source \(source.id)` removes it\n"
            }.joined()
    }

    static func json(_ sources: [UnlistedSource]) -> JSONOutput {
        .array(
            sources.map { source in
                .object([
                    ("id", .string(source.id)), ("kind", .string(source.kind)), ("url", .string(source.url)),
                    ("rows", JSONOutput(source.rows)), ("same_url_as", JSONOutput(source.sameAs)),
                ])
            }
        )
    }
}
