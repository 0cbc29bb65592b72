import Extractor
import JSON
import Records
import Transformer

/// Members of the watermarks of MATRIX.
extension WatermarkKey<Timestamp> {
    /// When somebody had last logged in.
    static var loginAt: Self { Self("login_at") }
    /// When somebody whom the walk leaves out was last found by id.
    static var seenAt: Self { Self("seen_at") }
    /// When a class was last read by an increment, rather than by the baseline.
    static var pullAt: Self { Self("pull_at") }
    /// The newest login of a class's members that was known when it was read.
    static var hintAt: Self { Self("hint_at") }
    /// When the last share by age was taken; written by former releases.
    static var sharedAt: Self { Self("shared_at") }
}

extension WatermarkKey<Int64> {
    /// How often somebody had logged in.
    static var logins: Self { Self("logins") }
}

extension WatermarkKey<String> {
    /// What a walk costs.
    static var calls: Self { Self("calls") }
    /// The date that completions are asked for from.
    static var completedAfter: Self { Self("completed_after") }
    /// The fractions of a class that shares by age have left; written by former releases.
    static var carry: Self { Self("carry") }
    /// Whether somebody's last session was `open` or `closed`.
    static var session: Self { Self("session") }
}

extension WatermarkKey<[String]> {
    /// Assignments that a gradebook named and the list of assignments did not.
    static var unlisted: Self { Self("unlisted") }
    /// Learners whose completion a roster did not confirm.
    static var chased: Self { Self("learners") }
}

/// The lists of a site: for each its call, its paging, its mapping and the watermark it moves.
struct MatrixLists: Sendable {
    let calls: MatrixCalls
    let options: MatrixOptions
    let mapping: MatrixMapping
    /// What the run has read.
    let log: ReadLog

    var rules: MatrixRules { MatrixRules(ratePause: options.ratePause) }

    /// The names under which marks are kept that belong to no stream of their own.
    enum Mark {
        /// By learner: how often and when somebody had logged in when the users were last walked.
        static let logins = "logins"
        /// By learner: when somebody whom the walk leaves out was last found by id.
        static let outside = "outside"
        /// By class: when the teachers were last read, where no assignments are.
        static let teachers = "teachers"
        /// By class: the learners whose completion a roster did not confirm.
        static let chased = "chased"
    }

    /// Under this name the connector's state holds the scope that all classes were last walked for.
    static let scopeRead = "scope_read"

    /// What the warehouse adds to an answer, or takes from it.
    typealias Refinement = @Sendable (ParsedPage) async throws -> ParsedPage

    /// A list that one call answers.
    func single(
        _ stream: String,
        _ partition: String,
        _ request: APIRequest,
        isNeeded: @escaping @Sendable () -> Bool = { true },
        refine: Refinement? = nil,
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange] = { _ in [] },
        _ body: @escaping @Sendable (JSONValue) -> ParsedPage
    ) -> ListRead {
        ListRead(
            stream: stream,
            partition: partition,
            request: request,
            paging: SingleAnswer(first: request),
            rules: rules,
            isNeeded: isNeeded,
            refine: refine,
            completion: completion,
            makeReader: { AnswerReader(body) }
        )
    }

    /// The API's version: the cheapest call there is.
    func version(stream: String) -> ListRead {
        let request = calls.request(.version, stream: stream)
        return ListRead(
            stream: stream,
            partition: "version",
            request: request,
            paging: SingleAnswer(first: request),
            rules: MatrixRules(.version, ratePause: options.ratePause),
            makeReader: { AnswerReader { _ in ParsedPage() } }
        )
    }

    // MARK: Users

    /// All users, archived ones with them.
    ///
    /// - Parameter keepsLogins: Whether the logins become marks at once. An increment keeps them back till it knows which
    ///   classes they make hot.
    func users(keepsLogins: Bool, resuming: WalkResume? = nil) -> ListRead {
        let paging = MatrixPaging(calls, .allUsers, stream: "learners", firstPage: resuming?.page ?? 1)
        let rest: @Sendable (WalkResume) -> ListRead? = { users(keepsLogins: keepsLogins, resuming: $0) }
        var list = ListRead(
            stream: "learners",
            request: paging.first,
            paging: paging,
            rules: rules,
            resuming: resuming == nil ? rest : nil,
            completion: { outcome in
                guard outcome.isComplete else { return [] }
                var position = MarkPosition()
                position[.walkedAt] = outcome.asOf
                position[.verifiedAt] = outcome.asOf
                position[.calls] = String(Self.calls(forItems: outcome.items))
                return [.watermark(stream: "learners", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { WalkReader { readUsers($0, keepsLogins: keepsLogins) } }
        )
        list.cost = .pages(ofRows: 100)
        list.hints = [Self.loginHint]
        return list
    }

    /// Why a class is read: somebody of it has logged in.
    static let loginHint = "login"

    /// Calls of a walk: a page for each hundred, and the empty one that ends it.
    static func calls(forItems count: Int) -> Int { (count + 99) / 100 + 1 }

    private func readUsers(_ items: JSONValue, keepsLogins: Bool) -> ParsedPage {
        var learners = Batch<Learner>(stream: "learners")
        let logins = mapping.learners(items, into: &learners)
        guard keepsLogins else { return ParsedPage([learners], notes: ReadNotes(logins)) }
        return ParsedPage([learners], changes: logins.compactMap { Self.mark($0, asOf: mapping.context.now) })
    }

    /// The mark of somebody's logins; `nil` for those who never logged in.
    static func mark(_ login: MatrixLogin, asOf: Timestamp) -> StateChange? {
        guard login.count ?? 0 > 0 || login.lastAt != nil else { return nil }
        var position = MarkPosition()
        position[.logins] = login.count
        position[.loginAt] = login.lastAt
        return .watermark(stream: Mark.logins, partition: login.learner, position: position, asOf: asOf)
    }

    /// Some users by id: who is not returned is gone.
    func users(_ ids: [String]) -> ReadGroup {
        byID(.usersWithIDs, "user_ids", ids, stream: "learners") { items in
            var learners = Batch<Learner>(stream: "learners")
            let logins = mapping.learners(items, into: &learners)
            return (ParsedPage([learners], notes: ReadNotes(logins)), learners.records.map(\.learnerID))
        }
    }

    /// A call for many ids; where it fails as a whole because of one of them, it is made in halves.
    private func byID(
        _ function: MatrixFunction,
        _ name: String,
        _ ids: [String],
        stream: String,
        _ body: @escaping @Sendable (JSONValue) -> (ParsedPage, [String])
    ) -> ReadGroup {
        let request = calls.request(function, name, ids, stream: stream)
        let list = single(stream, "ids:\(ids.first ?? "")", request) { items in
            var (parsed, returned) = body(items)
            let there = Set(returned)
            parsed.notes.add(ids.map { IDAnswer($0, of: function, isThere: there.contains($0)) })
            return parsed
        }
        return ReadGroup(
            [list],
            instead: { error in
                guard error.code == .platformFailed else { return nil }
                guard ids.count > 1 else {
                    // Alone and refused as unknown: that is the answer.
                    guard MatrixRules.speaksOfUnknown(error.platformMessage ?? "") else { return nil }
                    return Replacement(notes: ReadNotes(ids.map { IDAnswer($0, of: function, isThere: false) }))
                }
                let half = ids.count / 2
                let halves = [Array(ids[..<half]), Array(ids[half...])]
                return Replacement(halves.map { byID(function, name, $0, stream: stream, body) })
            }
        )
    }

    // MARK: Classes

    /// The classes: those that are active, or all.
    ///
    /// - Parameter previous: The watermark, which keeps when the whole list was last walked.
    func classes(
        onlyActive: Bool,
        previous: MarkPosition? = nil,
        keepsTotals: Bool,
        resuming: WalkResume? = nil
    ) -> ListRead {
        let rest: @Sendable (WalkResume) -> ListRead? = {
            classes(onlyActive: onlyActive, previous: previous, keepsTotals: keepsTotals, resuming: $0)
        }
        let paging = MatrixPaging(
            calls,
            .allClasses,
            onlyActive ? [("archived", "false")] : [],
            stream: "courses",
            firstPage: resuming?.page ?? 1
        )
        var list = ListRead(
            stream: "courses",
            request: paging.first,
            paging: paging,
            rules: rules,
            resuming: resuming == nil ? rest : nil,
            completion: { outcome in
                guard outcome.isComplete else { return [] }
                var position = previous ?? MarkPosition()
                position[.walkedAt] = outcome.asOf
                if !onlyActive { position[.fullAt] = outcome.asOf }
                position[.calls] = String(Self.calls(forItems: outcome.items))
                return [.watermark(stream: "courses", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { WalkReader { readClasses($0, keepsTotals: keepsTotals).0 } }
        )
        list.logName = onlyActive ? nil : ReadLog.Matrix.classes
        return list
    }

    private func readClasses(_ items: JSONValue, keepsTotals: Bool) -> (ParsedPage, [String]) {
        var courses = Batch<Course>(stream: "courses")
        var assessments = Batch<Assessment>(stream: "assessments")
        let records = mapping.classes(items, courses: &courses, assessments: &assessments)
        let parsed = ParsedPage(keepsTotals ? [courses, assessments] : [courses], notes: ReadNotes(records))
        return (parsed, courses.records.map(\.courseID))
    }

    /// Some classes by id: what is not returned is gone.
    func classes(_ ids: [String], keepsTotals: Bool) -> ReadGroup {
        byID(.classesWithIDs, "class_ids", ids, stream: "courses") { readClasses($0, keepsTotals: keepsTotals) }
    }

    // MARK: Organizations

    func organizations(resuming: WalkResume? = nil) -> ListRead {
        let rest: @Sendable (WalkResume) -> ListRead? = { organizations(resuming: $0) }
        let paging = MatrixPaging(
            calls,
            .organizations,
            stream: "organizations",
            firstPage: resuming?.page ?? 1
        )
        return ListRead(
            stream: "organizations",
            request: paging.first,
            paging: paging,
            rules: rules,
            resuming: resuming == nil ? rest : nil,
            completion: { outcome in
                guard outcome.isComplete else { return [] }
                var position = MarkPosition()
                position[.walkedAt] = outcome.asOf
                position[.verifiedAt] = outcome.asOf
                return [.watermark(stream: "organizations", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { [mapping] in
                WalkReader { items in
                    var organizations = Batch<Organization>(stream: "organizations")
                    mapping.organizations(items, into: &organizations)
                    return ParsedPage([organizations])
                }
            }
        )
    }
}
