import Extractor
import JSON
import Loader
import Platforms
import Records

/// What a run is to do, decided before the first request.
struct RunSpec: Sendable {
    let settings: SourceSettings
    let mode: ReadingMode
    /// Of a full sweep: how old a verification may be to count; `nil` for any other run.
    var sweepAge: Duration?
    /// What the run was sent for, where it does not follow the platform's changes.
    var target: TargetedRun?
    /// What the run holds against the warehouse instead of storing it; `nil` for a run that stores.
    var comparison: Comparison?
    /// The streams that are read, with all they need.
    let streams: Set<String>
    /// Those of them that nobody has named and that only tell what the others read.
    var followed: Set<String> = []
    /// When the interrupted baseline that this run goes on with began, by the platform's clock.
    let resumedStart: Timestamp?
    let resume: ResumePoint
    /// Parts that the ledger has as refused or failed when the run begins.
    let unread: Set<StreamPartition>
}

/// A run for something in particular: it leaves the watermarks where they are, and the queue of others to others.
enum TargetedRun: Sendable, Equatable {
    /// A closed window of the event log, once more.
    case replay(EventWindow)
    /// Some learners and courses, now.
    case pull(OnDemand)
}

/// How far an interrupted baseline got.
struct ResumePoint: Sendable {
    private let positions: [StreamPartition: String]

    /// The checkpoint that holds when the baseline began.
    static let startStream = "baseline"

    init(_ checkpoints: [StoredCheckpoint] = []) {
        positions = Dictionary(
            checkpoints.map { (StreamPartition($0.stream, $0.partition), $0.position) }
        ) { first, _ in first }
    }

    /// When the baseline began; `nil` where none was interrupted.
    var startedAt: Timestamp? {
        positions[StreamPartition(Self.startStream, "")].flatMap { MarkPosition(json: $0).time("started_at") }
    }

    static func start(_ time: Timestamp) -> String {
        var position = MarkPosition()
        position.set("started_at", time)
        return position.json
    }

    /// Whether the list was read to its end.
    func isDone(_ list: ListRead) -> Bool {
        positions[StreamPartition(Self.name(of: list), list.partition)] == Self.done
    }

    static let done = #"{"done": true}"#

    /// Where the list goes on, if its beginning was read.
    func resumption(of list: ListRead) -> WalkResume? {
        guard let text = positions[StreamPartition(Self.name(of: list), list.partition)], text != Self.done,
            let document = try? JSONDocument(parsing: Array(text.utf8))
        else { return nil }
        return document.withRoot { root in
            guard let page = root["page"]?.int64, let items = root["items"]?.int64, page > 0 else { return nil }
            return WalkResume(
                page: Int(page) + 1,
                items: Int(items),
                total: root["total"]?.int64.map(Int.init),
                cursor: root["cursor"]?.string
            )
        }
    }

    /// - Parameter cursor: Where the list goes on, in letters, digits and colons.
    static func position(page: Int, items: Int, total: Int?, cursor: String? = nil) -> String {
        let total = total.map { #", "total": \#($0)"# } ?? ""
        let cursor = cursor.map { #", "cursor": "\#($0)""# } ?? ""
        return #"{"page": \#(page), "items": \#(items)\#(total)\#(cursor)}"#
    }

    /// One stream may be read by several lists of one partition (a course's roster among the enrollments), which the
    /// path tells apart.
    static func name(of list: ListRead) -> String {
        "\(list.stream) \(list.request.pathTemplate)"
    }
}
