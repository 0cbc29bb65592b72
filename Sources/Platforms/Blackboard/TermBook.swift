import Records
import Synchronization

/// The terms a run knows: what it has read, and before that what the warehouse holds.
final class TermBook: Sendable {
    private struct State {
        var terms: [String: Term]
        /// Terms that came otherwise than they were known, as they were; `nil` for new ones.
        var former: [String: Term?] = [:]
    }

    private let state: Mutex<State>

    init(_ terms: [Term] = []) {
        state = Mutex(State(terms: Dictionary(terms.map { ($0.termID, $0) }) { _, last in last }))
    }

    subscript(id: String) -> Term? { state.withLock { $0.terms[id] } }

    /// The terms that a word of a scope means: its id, its name, or the name another system has for it.
    func ids(of word: String) -> [String] {
        if word.hasPrefix(CourseFilter.ExternalName.prefix) { return [word] }
        let named = state.withLock { state in
            state.terms.values.filter { $0.termID == word || $0.title == word }.map(\.termID).sorted()
        }
        // Where the terms are not read, an id is still one.
        return named.isEmpty && word.wholeMatch(of: /_[0-9]+_[0-9]+/) != nil ? [word] : named
    }

    func note(_ read: [Term]) {
        state.withLock { state in
            for term in read {
                let known = state.terms.updateValue(term, forKey: term.termID)
                if known != term, state.former[term.termID] == nil { state.former[term.termID] = .some(known) }
            }
        }
    }

    /// The terms that are new or came otherwise than they were known.
    var changed: Set<String> { state.withLock { Set($0.former.keys) } }

    /// A changed term as it was known before.
    func former(_ id: String) -> Term? { state.withLock { $0.former[id] ?? nil } }
}
