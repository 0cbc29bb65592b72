import Records
import Synchronization

/// What the answers of one run have said, as far as later steps of the same run depend on it.
final class MatrixBook: Sendable {
    /// A list of a class whose length decides whether its gaps are believed.
    enum ClassList: Hashable, Sendable {
        case roster
        case teachers
        case assignments
    }

    /// What this run knows of its key.
    let key = MatrixKey()

    private struct ListKey: Hashable {
        let list: ClassList
        let course: String
    }

    private struct State {
        var classes: [String: MatrixClass] = [:]
        var isWholeList = false
        var logins: [String: MatrixLogin] = [:]
        var lengths: [ListKey: Int] = [:]
        var completed: [String: [String: Timestamp]] = [:]
        var waiting: [String: [String: [MatrixAward]]] = [:]
        var unknownCompletions: [String: Set<String>] = [:]
        var newCompletions: [String: Timestamp] = [:]
        var changedClasses: Set<String> = []
        var gradebooks: [String: MatrixGradebookNames] = [:]
        var namedCompletions: Set<[String]> = []
        var answered: Set<String> = []
        var returned: Set<String> = []
    }

    private let state = Mutex(State())

    // MARK: Classes

    func note(_ classes: [MatrixClass]) {
        state.withLock { state in
            for item in classes { state.classes[item.id] = item }
        }
    }

    /// The whole list of classes was walked, archived ones with it.
    func noteWholeList() { state.withLock { $0.isWholeList = true } }

    /// What this run has read of a class's record.
    func classRecord(_ id: String) -> MatrixClass? { state.withLock { $0.classes[id] } }

    /// Those of `classes` that are there, as far as this run has read the whole list.
    func present(among classes: [String]) -> [String] {
        state.withLock { state in state.isWholeList ? classes.filter { state.classes[$0] != nil } : classes }
    }

    /// The records this run has read.
    var classes: [MatrixClass] { state.withLock { Array($0.classes.values) } }

    func noteChanged(_ course: String) { state.withLock { _ = $0.changedClasses.insert(course) } }

    /// The classes whose record has changed, handed out once.
    func takeChangedClasses() -> Set<String> {
        state.withLock { state in
            defer { state.changedClasses = [] }
            return state.changedClasses
        }
    }

    // MARK: Logins

    func note(_ logins: [MatrixLogin]) {
        state.withLock { state in
            for login in logins { state.logins[login.learner] = login }
        }
    }

    func takeLogins() -> [MatrixLogin] {
        state.withLock { state in
            defer { state.logins = [:] }
            return Array(state.logins.values)
        }
    }

    // MARK: Lists of a class

    func note(_ list: ClassList, of course: String, length: Int) {
        state.withLock { $0.lengths[ListKey(list: list, course: course)] = length }
    }

    /// How long the list was when this run last read it; `nil` where it did not.
    func length(_ list: ClassList, of course: String) -> Int? {
        state.withLock { $0.lengths[ListKey(list: list, course: course)] }
    }

    /// Classes whose list this run has read and that had somebody or something in it: the function works.
    func hasRows(_ list: ClassList) -> Bool {
        state.withLock { $0.lengths.contains { $0.key.list == list && $0.value > 0 } }
    }

    func note(_ names: MatrixGradebookNames, ofGradebook course: String) {
        state.withLock { $0.gradebooks[course] = names }
    }

    /// Whom and what the gradebook of a class names, where this run has read it.
    func gradebook(_ course: String) -> MatrixGradebookNames? { state.withLock { $0.gradebooks[course] } }

    // MARK: Completions

    /// Notes the completions that an answer about one class names.
    func noteNamed(_ completions: [MatrixCompletion]) {
        state.withLock { state in
            for completion in completions { state.namedCompletions.insert([completion.course, completion.learner]) }
        }
    }

    /// Whether an answer about the class has named the completion, whatever was awarded for it.
    func namesCompletion(_ course: String, _ learner: String) -> Bool {
        state.withLock { $0.namedCompletions.contains([course, learner]) }
    }

    /// Whether this run's roster of the class has the learner's completion; `nil` where it was not read.
    func rosterCompletes(_ course: String, _ learner: String) -> Bool? {
        state.withLock { state in state.completed[course].map { $0[learner] != nil } }
    }

    /// Notes what a roster says of completions.
    ///
    /// - Returns: The awards that waited for it, now that their time is known.
    func noteRoster(of course: String, _ progress: [Progress], now: Timestamp) -> [Certificate] {
        var times: [String: Timestamp] = [:]
        for row in progress { if let time = row.completedAt { times[row.learnerID] = time } }
        let completed = times
        return state.withLock { state in
            state.completed[course] = completed
            let waiting = state.waiting.removeValue(forKey: course) ?? [:]
            return waiting.sorted { $0.key < $1.key }.flatMap { learner, awards in
                completed[learner].map { time in awards.map { $0.issued(at: time, now: now) } } ?? []
            }
        }
    }

    func completedAt(_ course: String, _ learner: String) -> Timestamp? {
        state.withLock { $0.completed[course]?[learner] }
    }

    /// Keeps awards until the roster of their class tells when they were issued.
    func wait(_ awards: [MatrixAward], course: String, learner: String) {
        guard !awards.isEmpty else { return }
        state.withLock { $0.waiting[course, default: [:]][learner] = awards }
    }

    /// A completion that the warehouse does not have.
    func noteUnknownCompletion(_ course: String, _ learner: String) {
        state.withLock { _ = $0.unknownCompletions[course, default: []].insert(learner) }
    }

    func takeUnknownCompletions() -> [String: Set<String>] {
        state.withLock { state in
            defer { state.unknownCompletions = [:] }
            return state.unknownCompletions
        }
    }

    /// A roster shows a completion that was not there before: the oldest one of each class counts.
    func noteNewCompletion(_ course: String, _ time: Timestamp) {
        state.withLock { $0.newCompletions[course] = min($0.newCompletions[course] ?? time, time) }
    }

    func takeNewCompletions() -> [String: Timestamp] {
        state.withLock { state in
            defer { state.newCompletions = [:] }
            return state.newCompletions
        }
    }

    // MARK: Calls by id

    /// The ids were asked for and answered, `returned` among them.
    func noteAnswer(_ ids: [String], of function: MatrixFunction, returned: [String]) {
        state.withLock { state in
            state.answered.formUnion(ids.map { "\(function.rawValue)/\($0)" })
            state.returned.formUnion(returned.map { "\(function.rawValue)/\($0)" })
        }
    }

    /// Whether the platform was asked for the id and has nothing of it.
    func isGone(_ id: String, by function: MatrixFunction) -> Bool {
        let key = "\(function.rawValue)/\(id)"
        return state.withLock { $0.answered.contains(key) && !$0.returned.contains(key) }
    }

    func isThere(_ id: String, by function: MatrixFunction) -> Bool {
        state.withLock { $0.returned.contains("\(function.rawValue)/\(id)") }
    }
}

/// Whom and what a gradebook names.
struct MatrixGradebookNames: Sendable {
    var hasLearners: Bool
    var assignments: Set<String>
}

/// What the lists of one class, read one after the other, tell each other.
final class MatrixClassBook: Sendable {
    private struct State {
        var learners: Set<String> = []
        var hasRoster = false
        var assignments: Set<String>
        var named: Set<String> = []
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - learners: Who learns in the class, as far as it is known before the roster is read.
    ///   - assignments: The assignments known before the gradebook is read.
    init(learners: Set<String> = [], assignments: Set<String> = []) {
        state = Mutex(State(learners: learners, assignments: assignments))
    }

    func noteRoster(_ learners: some Sequence<String>) {
        state.withLock { state in
            state.learners = Set(learners)
            state.hasRoster = true
        }
    }

    var learners: Set<String> { state.withLock { $0.learners } }

    /// Whether the roster was read and has somebody in it.
    var hasLearners: Bool { state.withLock { $0.hasRoster && !$0.learners.isEmpty } }

    func noteAssignments(_ ids: some Sequence<String>) { state.withLock { $0.assignments.formUnion(ids) } }

    /// Notes the assignments that a gradebook names.
    func noteNamed(_ ids: Set<String>) { state.withLock { $0.named = ids } }

    /// The assignments that a gradebook names and nobody knows.
    var unknownAssignments: Set<String> { state.withLock { $0.named.subtracting($0.assignments) } }
}
