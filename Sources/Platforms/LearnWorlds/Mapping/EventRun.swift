import Records
import Transformer

/// Gives the entries of the event log their ids.
///
/// The platform has none, so an entry's id is a hash of activity, person and time, and a running number among those
/// that have all three in common, in the order of their contents: the same in whatever order they are read. That
/// needs all entries of one instant together, so those of the last instant are held back until the walk goes on or
/// ends. The walk must be sorted by time and hold every entry of its instants: a closed window does.
struct EventRun: Sendable {
    private var held: [Event] = []

    /// Adds the next entry of the walk; entries of earlier instants go to `batch`.
    mutating func append(_ event: consuming Event, into batch: inout Batch<Event>) {
        if !held.isEmpty, held[held.count - 1].occurredAt != event.occurredAt { finish(into: &batch) }
        held.append(event)
    }

    /// Ends the walk: what was held back goes to `batch`.
    mutating func finish(into batch: inout Batch<Event>) {
        if held.count == 1, var event = held.popLast() {
            event.eventID = Self.identity(of: event)
            batch.records.append(event)
        } else if !held.isEmpty {
            number(into: &batch)
            held.removeAll(keepingCapacity: true)
        }
    }

    /// Ends a walk that begins again before its last instant, which will then come whole.
    mutating func discard() {
        held.removeAll(keepingCapacity: true)
    }

    /// Which entries share an id is decided by bytes, which of them is which by what is stored of them.
    private mutating func number(into batch: inout Batch<Event>) {
        for index in held.indices { held[index].eventID = Self.identity(of: held[index]) }
        held.sort { left, right in
            if left.eventID != right.eventID { return left.eventID < right.eventID }
            return Self.isContent(of: left, before: right)
        }
        var previous = ""
        var ordinal = 1
        for var event in held {
            ordinal = event.eventID == previous ? ordinal + 1 : 1
            previous = event.eventID
            if ordinal > 1 { event.eventID += "-\(ordinal)" }
            batch.records.append(event)
        }
    }

    /// The id that an entry with a running number shares with the first one; `nil` for one without a number.
    static func base(ofNumbered id: String) -> String? {
        id.lastIndex(of: "-").map { String(id[..<$0]) }
    }

    private static func identity(of event: Event) -> String {
        ContentHash.identity(
            at: event.occurredAt,
            of: event.activity ?? "",
            event.learnerID ?? "-",
            String(event.occurredAt.microseconds)
        )
    }

    /// The description comes last: a rename moves no entry that differs in anything else.
    private static func isContent(of left: Event, before right: Event) -> Bool {
        for (a, b) in [
            (left.courseID, right.courseID), (left.payload?.text, right.payload?.text),
            (left.description, right.description),
        ] {
            let (a, b) = (a ?? "", b ?? "")
            if a.utf8.elementsEqual(b.utf8) { continue }
            return a.utf8.lexicographicallyPrecedes(b.utf8)
        }
        return false
    }
}
