import Records
import Synchronization

/// The terms a run knows: what it has read, and before that what the warehouse holds.
final class TermBook: Sendable {
    private let terms: Mutex<[String: Term]>

    init(_ terms: [Term] = []) {
        self.terms = Mutex(Dictionary(terms.map { ($0.termID, $0) }) { _, last in last })
    }

    subscript(id: String) -> Term? { terms.withLock { $0[id] } }

    func note(_ read: [Term]) {
        terms.withLock { terms in
            for term in read { terms[term.termID] = term }
        }
    }
}
