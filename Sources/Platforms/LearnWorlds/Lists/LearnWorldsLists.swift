import Extractor
import JSON
import Records
import Transformer

/// The lists of a school: for each its request, its paging, its mapping and the watermark it moves.
struct LearnWorldsLists: Sendable {
    let product: LearnWorlds.Product
    let options: LearnWorldsOptions
    let mapping: LearnWorldsMapping
    let connectorState: ConnectorState
    /// What this run has read.
    let log: ReadLog

    /// Rows asked for where the documents promise up to 200.
    static let largePage = "200"

    /// The request for a path of Sources/Platforms/LearnWorlds/README.md §3, spelled as this site has it.
    func request(
        _ path: String,
        _ arguments: [String] = [],
        query: [(String, String)] = [],
        stream: String
    ) -> APIRequest {
        APIRequest(.get, options.paths[path] ?? path, pathArguments: arguments, query: query, stream: stream)
    }

    func rules(
        _ shape: LearnWorldsRules.Shape = .list,
        parentIsKnown: Bool = false,
        isCatalogue: Bool = false
    ) -> LearnWorldsRules {
        LearnWorldsRules(shape, parentIsKnown: parentIsKnown, isCatalogue: isCatalogue, connectorState: connectorState)
    }

    /// The size to ask for where the documents name none: refused sizes are remembered and not asked for again.
    func pageSize(_ list: String, default size: Int) -> [(String, String)] {
        connectorState.contains(list, in: Self.refusedSizes)
            ? [] : [("items_per_page", String(options.pageSizes[list] ?? size))]
    }

    /// Asks again without a size when the size was refused.
    func withoutSize(
        _ list: String,
        _ make: @escaping @Sendable () -> ListRead
    ) -> @Sendable (ExtractorError) -> ListRead? {
        { [connectorState] error in
            guard error.status == 400 || error.status == 422, !connectorState.contains(list, in: Self.refusedSizes)
            else {
                return nil
            }
            connectorState.insert(list, in: Self.refusedSizes)
            return make()
        }
    }

    private static let refusedSizes = "refused_page_sizes"

    /// A watermark that says when a partition was last read whole.
    func verified(_ stream: String, _ partition: String, _ outcome: WalkOutcome) -> StateChange {
        var position = MarkPosition()
        position[.verifiedAt] = outcome.asOf
        return .watermark(stream: stream, partition: partition, position: position, asOf: outcome.asOf)
    }

    // MARK: Courses and their contents

    /// All courses, newest first.
    func courses(resuming: WalkResume? = nil) -> ListRead {
        let request = request("/v2/courses", query: pageSize("courses", default: 100), stream: "courses")
        let rest: @Sendable (WalkResume) -> ListRead? = { courses(resuming: $0) }
        var list = ListRead(
            stream: "courses",
            request: request,
            paging: LearnWorldsPaging(request, firstPage: resuming?.page ?? 1),
            rules: rules(isCatalogue: true),
            resuming: resuming == nil ? rest : nil,
            alternative: withoutSize("courses") { courses() },
            completion: { outcome in
                var position = MarkPosition()
                position[.readAt] = outcome.asOf
                return [.watermark(stream: "courses", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { [mapping] in
                PageReader(before: resuming?.items ?? 0, key: { $0["id"] }) { data in
                    var courses = Batch<Course>(stream: "courses")
                    mapping.courses(data, into: &courses)
                    let listed = courses.records.map { ListedCourse(key: $0.courseID) }
                    return ParsedPage([courses], notes: ReadNotes(listed))
                }
            }
        )
        list.logName = LearnWorldsList.courses.rawValue
        return list
    }

    /// One course, asked for to learn whether it is still there.
    func course(_ id: String) -> ListRead {
        existence("/v2/courses/{id}", [id], stream: "courses", list: .course, id)
    }

    /// One course, asked for with all it says.
    func record(ofCourse id: String) -> ListRead {
        let request = request("/v2/courses/{id}", [id], stream: "courses")
        var list = ListRead(
            stream: "courses",
            partition: id,
            request: request,
            paging: SingleAnswer(first: request),
            rules: LearnWorldsRules(.object, isEmptyWhenMissing: true, connectorState: connectorState),
            makeReader: { [mapping] in
                ObjectReader { root in
                    var courses = Batch<Course>(stream: "courses")
                    mapping.course(root, into: &courses)
                    return ParsedPage([courses])
                }
            }
        )
        list.logName = LearnWorldsList.course.rawValue
        return list
    }

    /// One account, asked for to learn whether it is still there.
    func account(_ id: String) -> ListRead {
        existence("/v2/users/{id}", [id], stream: "learners", list: .learner, id)
    }

    /// A learner's progress in one course, asked for to learn whether there is any.
    func progress(of pair: Pair) -> ListRead {
        existence(
            Self.singleProgress,
            [pair.learner, pair.course],
            stream: "progress",
            list: .courseOfLearner,
            pair.text
        )
    }

    /// The path of a learner's progress in one course.
    static let singleProgress = "/v2/users/{id}/courses/{cid}/progress"

    private func existence(
        _ path: String,
        _ arguments: [String],
        stream: String,
        list name: LearnWorldsList,
        _ id: String
    ) -> ListRead {
        let request = request(path, arguments, stream: stream)
        var list = ListRead(
            stream: stream,
            partition: id,
            request: request,
            paging: SingleAnswer(first: request),
            rules: LearnWorldsRules(.object, isEmptyWhenMissing: true, connectorState: connectorState),
            makeReader: { ObjectReader { _ in ParsedPage() } }
        )
        list.logName = name.rawValue
        return list
    }

    /// Whether a path of single objects has ever answered for one: until then its 404 proves nothing.
    func isProven(_ path: String) -> Bool {
        connectorState.contains(options.paths[path] ?? path, in: LearnWorldsRules.provenPaths)
    }

    /// The stream that the requests for contents count under.
    func contentsStream(_ run: some RunContext) -> String? {
        run.isSelected("assessments") ? "assessments" : run.isSelected("course_units") ? "course_units" : nil
    }

    /// One course's sections and units.
    func contents(course: String, _ run: some RunContext) -> ListRead {
        let stream = contentsStream(run) ?? "course_units"
        let (storesUnits, storesAssessments) = (run.isSelected("course_units"), run.isSelected("assessments"))
        let request = request("/v2/courses/{id}/contents", [course], stream: stream)
        return ListRead(
            stream: stream,
            partition: course,
            request: request,
            paging: SingleAnswer(first: request),
            rules: rules(.object),
            isQueueable: true,
            completion: { outcome in [verified(stream, course, outcome)] },
            makeReader: { [mapping] in
                ObjectReader { root in
                    var units = Batch<CourseUnit>(stream: "course_units")
                    var assessments = Batch<Assessment>(stream: "assessments")
                    mapping.contents(root, course: course, units: &units, assessments: &assessments)
                    var notes = ReadNotes([CourseContents(key: course, units: units.records.count)])
                    notes.add(assessments.records.map { UnitCourse(key: $0.assessmentID, course: course) })
                    return ParsedPage(
                        (storesUnits ? [units] : []) + (storesAssessments ? [assessments] : []),
                        notes: notes
                    )
                }
            }
        )
    }

    // MARK: Submissions

    /// A course's submissions: all, or those since the last reading.
    ///
    /// - Parameter isWhole: Reads all of them although `mark` is known.
    func grades(
        course: String,
        _ run: some RunContext,
        since mark: MarkPosition? = nil,
        isWhole: Bool = false,
        resuming: WalkResume? = nil
    ) -> ListRead {
        let queuesResponses = run.isSelected("assessment_responses") && run.mode == .baseline
        let request = request(
            "/v2/courses/{id}/grades",
            [course],
            query: [
                ("sort", "submittedTimestamp"), ("order", "desc"), ("items_per_page", Self.largePage),
            ],
            stream: "grades"
        )
        let since = isWhole ? nil : lowerBound(mark)
        let rest: @Sendable (WalkResume) -> ListRead? = {
            grades(course: course, run, since: mark, isWhole: isWhole, resuming: $0)
        }
        var list = ListRead(
            stream: "grades",
            partition: course,
            request: request,
            paging: LearnWorldsPaging(request, firstPage: resuming?.page ?? 1),
            rules: rules(parentIsKnown: run.mode == .baseline || log.hasMet(.course, course)),
            pagesAtOnce: since == nil ? 4 : 0,
            isQueueable: true,
            resuming: resuming == nil ? rest : nil,
            completion: { submissionMark("grades", course, $0, since: since, previous: mark) },
            makeReader: {
                NewestFirstReader(
                    by: "submittedTimestamp",
                    mark: .newestSubmission,
                    since: since,
                    before: resuming?.items ?? 0
                ) {
                    submissions($0, course: course, queuesResponses: queuesResponses)
                }
            }
        )
        (list.logName, list.asksAll) = (LearnWorldsList.grades.rawValue, since == nil)
        return list
    }

    private func submissions(_ data: JSONValue, course: String, queuesResponses: Bool) -> ParsedPage {
        var grades = Batch<Grade>(stream: "grades")
        var stubs = Batch<Assessment>(stream: "assessments")
        mapping.grades(data, course: course, into: &grades, stubs: &stubs)
        var notes = ReadNotes(grades.records.map { UnitCourse(key: $0.assessmentID, course: $0.courseID) })
        notes.add(
            grades.records.map { grade in
                let never = Timestamp(microsecondsSinceEpoch: .max)
                return HandedInUnit(key: grade.assessmentID, newest: grade.submittedAt ?? grade.gradedAt ?? never)
            }
        )
        let units = queuesResponses ? stubs.records.map(\.assessmentID) : []
        return ParsedPage(
            [stubs, grades],
            changes: queued(units, "assessment_responses", mapping.context.now),
            notes: notes
        )
    }

    /// The responses to one assessment.
    func responses(
        unit: String,
        course: String?,
        _ run: some RunContext,
        since mark: MarkPosition? = nil,
        isWhole: Bool = false
    ) -> ListRead {
        let request = request(
            "/v2/assessments/{id}/responses",
            [unit],
            query: [("items_per_page", Self.largePage)],
            stream: "assessment_responses"
        )
        let since = isWhole ? nil : lowerBound(mark)
        var list = ListRead(
            stream: "assessment_responses",
            partition: unit,
            request: request,
            paging: LearnWorldsPaging(request),
            // A unit that a list of this run has named is there: without responses it answers 404.
            rules: rules(parentIsKnown: run.mode == .baseline || log.course(ofUnit: unit) != nil),
            pagesAtOnce: since == nil ? 4 : 0,
            isQueueable: true,
            completion: { submissionMark("assessment_responses", unit, $0, since: since, previous: mark) },
            makeReader: { [mapping] in
                NewestFirstReader(by: "submittedTimestamp", mark: .newestSubmission, since: since) { data in
                    var responses = Batch<AssessmentResponse>(stream: "assessment_responses")
                    mapping.responses(data, unit: unit, course: course, into: &responses)
                    return ParsedPage([responses])
                }
            }
        )
        (list.logName, list.asksAll) = (LearnWorldsList.responses.rawValue, since == nil)
        return list
    }

    /// The groups that read the responses of queued units, each with its course.
    func responseGroups(
        for entries: [PendingEntry],
        since marks: [String: MarkPosition],
        whole: Set<String> = [],
        _ run: some RunContext
    ) async throws -> [ReadGroup] {
        let courses = try await run.facts.courses(ofAssessments: entries.map(\.partition))
        return entries.map { entry in
            let unit = entry.partition
            return ReadGroup(
                [
                    responses(
                        unit: unit,
                        course: courses[unit] ?? log.course(ofUnit: unit),
                        run,
                        since: marks[unit],
                        isWhole: whole.contains(unit) || entry.isWhole
                    )
                ],
                answers: [entry],
                publishesByPage: true,
                covers: whole.contains(unit) ? [Cover(AssessmentResponse.table, scopes: [["assessment_id": unit]])] : []
            )
        }
    }

    /// A day is read again below the newest row of the last reading: submissions show up late.
    private func lowerBound(_ mark: MarkPosition?) -> Timestamp? {
        mark?[.newestSubmission]?.advanced(by: .seconds(-86_400))
    }

    private func submissionMark(
        _ stream: String,
        _ partition: String,
        _ outcome: WalkOutcome,
        since: Timestamp?,
        previous: MarkPosition?
    ) -> [StateChange] {
        var position = previous ?? MarkPosition()
        if let newest = outcome.position[.newestSubmission] {
            position[.newestSubmission] = max(newest, position[.newestSubmission] ?? newest)
        }
        if since == nil { position[.fullAt] = outcome.asOf }
        return [.watermark(stream: stream, partition: partition, position: position, asOf: outcome.asOf)]
    }
}
