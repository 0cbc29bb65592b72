import Records
import Synchronization

/// The accounts that look at a course as a student does, as far as the source has shown them.
///
/// Memberships and grades name them by id alone, so the ids are kept from run to run.
final class PreviewUsers: Sendable {
    private let state: Mutex<(ids: Set<String>, isChanged: Bool)>

    /// Under this partition of `learners` the ids are kept with the watermarks.
    static let partition = "preview_users"

    init(_ ids: [String] = []) {
        state = Mutex((Set(ids), false))
    }

    func contains(_ id: String) -> Bool { state.withLock { $0.ids.contains(id) } }

    func note(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        state.withLock { state in
            for id in ids where state.ids.insert(id).inserted { state.isChanged = true }
        }
    }

    /// What keeps the ids for later runs; `nil` where none is new since the last call.
    func mark(asOf time: Timestamp) -> StateChange? {
        guard let ids = takeChanges() else { return nil }
        var position = MarkPosition()
        position.set("ids", list: ids)
        return .watermark(stream: "learners", partition: Self.partition, position: position, asOf: time)
    }

    private func takeChanges() -> [String]? {
        state.withLock { state in
            defer { state.isChanged = false }
            return state.isChanged ? state.ids.sorted() : nil
        }
    }
}
