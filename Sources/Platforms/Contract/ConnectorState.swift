private import Synchronization

/// What a connector learned about its source and need not find out again: a path that answered, a page size refused.
///
/// Kept with the source's watermarks, so that the next process knows it too.
package final class ConnectorState: Sendable {
    private let state: Mutex<(position: MarkPosition, isChanged: Bool)>

    package init(_ position: MarkPosition = MarkPosition()) {
        state = Mutex((position, false))
    }

    /// The text remembered under `name`.
    ///
    /// What is forgotten is remembered as an empty text: a member that is left out would stay in the stored watermark.
    package subscript(name: String) -> String? {
        get { state.withLock { $0.position.text(name) }.flatMap { $0.isEmpty ? nil : $0 } }
        set {
            change { position in
                if newValue != nil || position.text(name) != nil { position.set(name, text: newValue ?? "") }
            }
        }
    }

    /// Whether `item` is on the list remembered under `name`.
    package func contains(_ item: String, in name: String) -> Bool {
        state.withLock { $0.position.list(name).contains(item) }
    }

    /// The list remembered under `name`.
    package func list(_ name: String) -> [String] { state.withLock { $0.position.list(name) } }

    /// Adds `item` to the list remembered under `name`.
    package func insert(_ item: String, in name: String) {
        guard !contains(item, in: name) else { return }
        change { $0.set(name, list: ($0.list(name) + [item]).sorted()) }
    }

    /// The whole state where it changed since the last call.
    package func takeChanges() -> MarkPosition? {
        state.withLock { state in
            defer { state.isChanged = false }
            return state.isChanged ? state.position : nil
        }
    }

    private func change(_ body: (inout MarkPosition) -> Void) {
        state.withLock { state in
            let before = state.position
            body(&state.position)
            if state.position != before { state.isChanged = true }
        }
    }
}
