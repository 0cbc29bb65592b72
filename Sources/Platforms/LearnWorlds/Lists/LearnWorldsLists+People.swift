import Extractor
import JSON
import Records
import Transformer

extension LearnWorldsLists {
    /// The queue that the people of a baseline wait in, where a stream about people is read.
    func peopleQueue(_ run: some RunContext) -> String? {
        run.isSelected("enrollments") ? "enrollments" : run.isSelected("progress") ? "progress" : nil
    }

    /// All accounts, suspended ones with them; those who ever logged in are queued for their lists.
    func learners(queuingFor queue: String?, resuming: WalkResume? = nil) -> ListRead {
        let request = request(
            "/v2/users",
            query: [("include_suspended", "true"), ("items_per_page", Self.largePage)],
            stream: "learners"
        )
        let rest: @Sendable (WalkResume) -> ListRead? = { learners(queuingFor: queue, resuming: $0) }
        return ListRead(
            stream: "learners",
            request: request,
            paging: LearnWorldsPaging(request, firstPage: resuming?.page ?? 1),
            rules: rules(),
            resuming: resuming == nil ? rest : nil,
            completion: { outcome in
                var position = MarkPosition()
                position[.registeredAfter] = outcome.asOf
                position[.fullAt] = outcome.asOf
                return [.watermark(stream: "learners", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: {
                PageReader(before: resuming?.items ?? 0, key: { $0["id"] }) { accounts($0, queuingFor: queue) }
            }
        )
    }

    private func accounts(_ data: JSONValue, queuingFor queue: String?) -> ParsedPage {
        var learners = Batch<Learner>(stream: "learners")
        mapping.learners(data, into: &learners)
        guard let queue else { return ParsedPage([learners]) }
        let active = learners.records.filter { !options.skipsNeverActive || $0.lastLoginAt != nil }
        return ParsedPage([learners], changes: queued(active.map(\.learnerID), queue, mapping.context.now))
    }

    /// Accounts made since `registeredAfter`.
    func learners(registeredAfter: Timestamp, previous: MarkPosition) -> ListRead {
        let request = request(
            "/v2/users",
            query: [
                ("include_suspended", "true"), ("items_per_page", Self.largePage),
                ("registration_after", registeredAfter.decimalSeconds),
            ],
            stream: "learners"
        )
        return ListRead(
            stream: "learners",
            request: request,
            paging: LearnWorldsPaging(request),
            // The list of all accounts was read by the baseline: an empty answer here is one.
            rules: rules(parentIsKnown: true),
            completion: { outcome in
                var position = previous
                position[.registeredAfter] = outcome.asOf
                return [.watermark(stream: "learners", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { [mapping] in
                PageReader(key: { $0["id"] }) { data in
                    var learners = Batch<Learner>(stream: "learners")
                    mapping.learners(data, into: &learners)
                    return ParsedPage([learners])
                }
            }
        )
    }

    /// One account.
    func learner(_ id: String) -> ListRead {
        let request = request("/v2/users/{id}", [id], stream: "learners")
        var list = ListRead(
            stream: "learners",
            partition: id,
            request: request,
            paging: SingleAnswer(first: request),
            rules: LearnWorldsRules(.object, isEmptyWhenMissing: true, connectorState: connectorState),
            makeReader: { [mapping] in
                ObjectReader { root in
                    var learners = Batch<Learner>(stream: "learners")
                    mapping.learner(root, into: &learners)
                    return ParsedPage([learners])
                }
            }
        )
        list.logName = LearnWorldsList.learner.rawValue
        return list
    }

    /// Who is on a course's roster: only the pairs count, its records bear the account's dates.
    ///
    /// - Parameters:
    ///   - queue: The stream the request counts under, and in a baseline the queue that the learners join.
    ///   - isBaseline: Otherwise the pairs are kept as evidence.
    ///   - wanted: Of a course that was gone: the lists that everybody on its roster is queued for, to be read whole.
    func roster(
        course: String,
        queue: String,
        isBaseline: Bool,
        queuing wanted: [String] = [],
        resuming: WalkResume? = nil
    ) -> ListRead {
        let rest: @Sendable (WalkResume) -> ListRead? = {
            roster(course: course, queue: queue, isBaseline: isBaseline, queuing: wanted, resuming: $0)
        }
        let request = request(
            "/v2/courses/{id}/users",
            [course],
            query: [("include_suspended", "true"), ("items_per_page", Self.largePage)],
            stream: queue
        )
        var list = ListRead(
            stream: queue,
            partition: course,
            request: request,
            paging: LearnWorldsPaging(request, firstPage: resuming?.page ?? 1),
            rules: rules(parentIsKnown: true),
            resuming: resuming == nil ? rest : nil,
            completion: { outcome in [verified(Self.rosterMarks, course, outcome)] },
            makeReader: { [mapping] in
                PageReader(before: resuming?.items ?? 0, key: { $0["id"] }) { data in
                    let roster = mapping.roster(data)
                    var unknown = Batch<Enrollment>(stream: "enrollments")
                    unknown.driftLog = roster.driftLog
                    let batches = unknown.driftLog.isEmpty ? [] : [unknown]
                    guard isBaseline else {
                        let members = RosterMembers(
                            course: course,
                            learners: roster.learnerIDs,
                            hasUnreadable: roster.unreadableCount > 0
                        )
                        var notes = ReadNotes([members])
                        notes.add(RosterIDs(key: course, learners: roster.learnerIDs))
                        return ParsedPage(
                            batches,
                            changes: wanted.flatMap { whole(roster.learnerIDs, $0) },
                            notes: notes
                        )
                    }
                    return ParsedPage(batches, changes: queued(roster.learnerIDs, queue, mapping.context.now))
                }
            }
        )
        list.logName = LearnWorldsList.roster.rawValue
        return list
    }

    /// Of some queue entries the groups that read rosters, of courses that are back, and the entries that name learners.
    func rosterGroups(
        for entries: [PendingEntry],
        _ run: some RunContext
    ) -> (groups: [ReadGroup], learners: [PendingEntry]) {
        var (groups, learners): ([ReadGroup], [PendingEntry]) = ([], [])
        let streams = LearnWorlds.streamsOfPeople(in: run.settings)
        for entry in entries {
            guard let course = LearnWorldsFollowUps.course(ofRosterPartition: entry.partition) else {
                learners.append(entry)
                continue
            }
            let list = roster(course: course, queue: entry.stream, isBaseline: false, queuing: streams)
            groups.append(ReadGroup([list], answers: [entry], publishesByPage: true))
        }
        return (groups, learners)
    }

    /// Whether this run has read all of the list that a queue entry of people asks for.
    func hasRead(_ entry: PendingEntry) -> Bool {
        log.hasRead(entry.stream == "progress" ? .progress : .enrollments, entry.partition)
    }

    private func whole(_ learners: [String], _ stream: String) -> [StateChange] {
        learners.map {
            .queue(
                PendingEntry(stream: stream, partition: $0, reason: PendingEntry.whole, dueAt: mapping.context.now)
            )
        }
    }

    /// The name that rosters are marked under; they are no stream of their own, and a course has other marks too.
    static let rosterMarks = "rosters"

    /// A learner's own courses.
    func enrollments(learner: String, parentIsKnown: Bool = false) -> ListRead {
        let request = request("/v2/users/{id}/courses", [learner], stream: "enrollments")
        var list = ListRead(
            stream: "enrollments",
            partition: learner,
            request: request,
            paging: LearnWorldsPaging(request),
            rules: rules(parentIsKnown: parentIsKnown),
            completion: { outcome in [verified("enrollments", learner, outcome)] },
            makeReader: { [mapping] in
                PageReader(key: { $0["course"]?["id"] }) { data in
                    var enrollments = Batch<Enrollment>(stream: "enrollments")
                    mapping.enrollments(data, learner: learner, into: &enrollments)
                    return ParsedPage([enrollments])
                }
            }
        )
        list.logName = LearnWorldsList.enrollments.rawValue
        return list
    }

    /// A learner's progress in every course, with its units.
    ///
    /// - Parameters:
    ///   - mark: The learner's watermark; knows of visits whose progress is to be read once more.
    ///   - reason: Why the list is read: a visit alone re-reads at most once in `visit_interval`.
    func progress(
        learner: String,
        _ run: some RunContext,
        mark: MarkPosition? = nil,
        reason: String? = nil,
        parentIsKnown: Bool = false
    ) -> ListRead {
        let isBaseline = run.mode == .baseline
        let queuesResponses = isBaseline && run.isSelected("assessment_responses")
        let request = request(
            "/v2/users/{id}/progress",
            [learner],
            query: [("items_per_page", Self.largePage)],
            stream: "progress"
        )
        var list = ListRead(
            stream: "progress",
            partition: learner,
            request: request,
            paging: LearnWorldsPaging(request),
            rules: rules(parentIsKnown: isBaseline || parentIsKnown),
            completion: { progressMarks(learner, $0, mark: mark, reason: reason) },
            makeReader: { [mapping, scope = run.scope] in
                PageReader(key: { $0["course_id"] }) { data in
                    var progress = Batch<Progress>(stream: "progress")
                    var units = Batch<UnitProgress>(stream: "progress")
                    mapping.progress(data, learner: learner, into: &progress, units: &units)
                    let touched =
                        queuesResponses ? touchedAssessments(units.records.filter { scope.contains($0.courseID) }) : []
                    return ParsedPage(
                        [progress, units],
                        changes: queued(touched, "assessment_responses", mapping.context.now)
                    )
                }
            }
        )
        list.logName = LearnWorldsList.progress.rawValue
        return list
    }

    private func progressMarks(
        _ learner: String,
        _ outcome: WalkOutcome,
        mark: MarkPosition?,
        reason: String?
    ) -> [StateChange] {
        var position = mark ?? MarkPosition()
        position[.verifiedAt] = outcome.asOf
        if reason == LearnWorldsReason.visit { position[.visitPullAt] = outcome.asOf }
        var changes: [StateChange] = [
            .watermark(stream: "progress", partition: learner, position: position, asOf: outcome.asOf)
        ]
        // Study goes on after a visit is logged: once more, a while after the last one.
        if let settled = position[.lastVisitAt]?.advanced(by: options.settleAgain), settled > outcome.asOf {
            changes.append(
                .queue(PendingEntry(stream: "progress", partition: learner, reason: LearnWorldsReason.settle, dueAt: settled))
            )
        }
        return changes
    }

    /// The assessments among the units that the learner has begun.
    func touchedAssessments(_ units: [UnitProgress]) -> [String] {
        units.filter { unit in
            options.assessmentUnitTypes.contains(unit.unitType ?? "")
                && ((unit.status ?? "not_started") != "not_started" || (unit.timeOnUnitSeconds ?? 0) > 0
                    || unit.scoreRate != nil)
        }.map(\.unitID)
    }

    /// The certificates of a course: all, or those issued since the last reading.
    ///
    /// - Parameter isWhole: Reads all of them although `mark` is known.
    func certificates(course: String, since mark: MarkPosition? = nil, isWhole: Bool = false) -> ListRead {
        certificates(("course_id", course), partition: course, course: course, since: isWhole ? nil : mark)
    }

    /// The certificates of a learner, where an award named no course.
    func certificates(learner: String) -> ListRead {
        certificates(
            ("user_id", learner),
            partition: LearnWorldsFollowUps.certificatePartition(ofLearner: learner),
            learner: learner
        )
    }

    private func certificates(
        _ filter: (String, String),
        partition: String,
        course: String? = nil,
        learner: String? = nil,
        since mark: MarkPosition? = nil,
        resuming: WalkResume? = nil
    ) -> ListRead {
        let rest: @Sendable (WalkResume) -> ListRead? = {
            certificates(filter, partition: partition, course: course, learner: learner, since: mark, resuming: $0)
        }
        // A day is read again: the list descends by a time that moves when a certificate is issued anew.
        let since = mark?[.newestIssue]?.advanced(by: .seconds(-86_400))
        let request = request(
            "/v2/certificates",
            query: [filter] + pageSize("certificates", default: 100),
            stream: "certificates"
        )
        var list = ListRead(
            stream: "certificates",
            partition: partition,
            request: request,
            paging: LearnWorldsPaging(request, firstPage: resuming?.page ?? 1),
            rules: rules(parentIsKnown: true),
            pagesAtOnce: since == nil ? 4 : 0,
            isQueueable: true,
            resuming: resuming == nil ? rest : nil,
            alternative: withoutSize("certificates") {
                certificates(filter, partition: partition, course: course, learner: learner, since: mark)
            },
            completion: { outcome in
                var position = outcome.position
                if since == nil { position[.verifiedAt] = outcome.asOf }
                return [
                    .watermark(stream: "certificates", partition: partition, position: position, asOf: outcome.asOf)
                ]
            },
            makeReader: { [mapping] in
                NewestFirstReader(
                    by: "issued",
                    mark: .newestIssue,
                    since: since,
                    before: resuming?.items ?? 0
                ) { data in
                    var certificates = Batch<Certificate>(stream: "certificates")
                    mapping.certificates(data, course: course, learner: learner, into: &certificates)
                    return ParsedPage([certificates])
                }
            }
        )
        (list.logName, list.asksAll) = (LearnWorldsList.certificates.rawValue, since == nil)
        return list
    }

    /// Queue entries of a baseline, due at once.
    func queued(_ partitions: [String], _ stream: String, _ now: Timestamp) -> [StateChange] {
        partitions.map { .queue(PendingEntry(stream: stream, partition: $0, reason: LearnWorldsReason.baseline, dueAt: now)) }
    }
}
