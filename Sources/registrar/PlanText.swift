import JSON
import Platforms
import Settings
import Sync

/// `plan` for the user or as the contract's JSON.
enum PlanText {
    static func text(_ report: PlanReport) -> String {
        report.sources.map(text(of:)).joined(separator: "\n")
    }

    private static func text(of source: SourcePlan) -> String {
        guard source.message == nil else { return "\(source.id) (\(source.kind)): no plan\n" }
        let run = source.mode == "baseline" ? "a baseline" : "the next sync"
        var text = "\(source.id) (\(source.kind)): \(run) costs \(amount(of: source))\n"
        text += "  \(duration(source.seconds)) at the configured rate"
        if let perDay = source.requestsPerDay {
            text += ", on \(source.days) \(source.days == 1 ? "day" : "days") of \(Numbers.grouped(perDay)) requests"
            if let now = source.allowedNow { text += " (\(Numbers.grouped(now)) now)" }
        }
        text += "\n"
        if source.mode == "baseline", source.requests > largeBackfill {
            text += "  more than \(Numbers.grouped(largeBackfill)) requests: the vendor wants to be told of very large "
            text += "backfills before they start, and sizes them with you\n"
        }
        if let age = source.age {
            text += "  data gets at most \(duration(age.oldest)) old, at one run every \(duration(age.schedule))"
            if age.cycle > age.schedule {
                text += "; quota and rate allow the whole of it every \(duration(age.cycle))"
            }
            text += "\n"
        } else {
            text += "  no schedule is configured: data is as old as the last run\n"
        }
        text += "  this plan took \(Numbers.counted(source.spent, "request"))\n"
        var table = TextTable([("stream", .left), ("requests", .right), ("", .left), ("from", .left)])
        for stream in source.streams where stream.requests > 0 || !stream.isExact {
            table.add([
                stream.name, Numbers.grouped(stream.requests), stream.isExact ? "" : "about",
                stream.reason ?? "the platform's own totals",
            ])
        }
        return text + table.text(indent: "  ") + source.notes.map { "  note: \(LogSafe.text($0))\n" }.joined()
    }

    /// From so many requests on a first load is told of in advance.
    private static let largeBackfill = 10_000

    private static func amount(of source: SourcePlan) -> String {
        (source.streams.allSatisfy(\.isExact) ? "" : "about ") + Numbers.counted(source.requests, "request")
    }

    /// `40 s`, `12 min`, `7.5 h`, `3.2 d`.
    private static func duration(_ seconds: Double) -> String {
        func rounded(_ value: Double) -> String {
            let tenths = (value * 10).rounded() / 10
            return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
        }
        return switch seconds {
        case ..<60: "\(Int(seconds.rounded(.up))) s"
        case ..<3_600: "\(rounded(seconds / 60)) min"
        case ..<172_800: "\(rounded(seconds / 3_600)) h"
        default: "\(rounded(seconds / 86_400)) d"
        }
    }

    static func json(_ report: PlanReport) -> JSONOutput {
        .object([("sources", .array(report.sources.map(json(of:))))])
    }

    private static func json(of source: SourcePlan) -> JSONOutput {
        .object([
            ("id", .string(source.id)),
            ("kind", .string(source.kind)),
            ("mode", .string(source.mode)),
            ("requests", JSONOutput(source.requests)),
            ("seconds", .number(source.seconds)),
            ("days", JSONOutput(source.days)),
            ("requests_per_day", source.requestsPerDay.map { JSONOutput($0) } ?? .null),
            ("allowed_now", source.allowedNow.map { JSONOutput($0) } ?? .null),
            ("age", source.age.map(json(of:)) ?? .null),
            ("spent", JSONOutput(source.spent)),
            ("message", JSONOutput(source.message)),
            ("notes", .array(source.notes.map { .string($0) })),
            (
                "streams",
                .array(
                    source.streams.map { stream in
                        .object([
                            ("name", .string(stream.name)),
                            ("requests", JSONOutput(stream.requests)),
                            ("exact", .bool(stream.isExact)),
                            ("reason", JSONOutput(stream.reason)),
                        ])
                    }
                )
            ),
        ])
    }

    private static func json(of age: DataAge) -> JSONOutput {
        .object([
            ("schedule_seconds", .number(age.schedule)),
            ("cycle_seconds", .number(age.cycle)),
            ("oldest_seconds", .number(age.oldest)),
        ])
    }
}
