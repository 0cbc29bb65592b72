import Extractor
import Records
import Transformer

/// What a plan knows of the courses.
struct CourseSample {
    /// Those in scope, as far as the pages read name them.
    var ids: [String] = []
    /// Those whose lists are looked at.
    var chosen: [String] = []
    /// How many are in scope.
    var total = 0
    /// Whether that is certain.
    var isCounted = false
    /// Pages of their list.
    var pages = 1
    /// Those read.
    var read: Set<Int> = []

    /// Whether all are looked at.
    var isWhole: Bool { isCounted && chosen.count == total }
    /// How many courses each of those looked at stands for.
    var weight: Double { chosen.isEmpty ? 0 : Double(total) / Double(chosen.count) }
    var reason: String { "from \(chosen.isEmpty ? ids.count : chosen.count) of about \(total) courses" }
}

/// The lists that every course has.
extension LearnWorldsForecast {
    /// Courses whose lists are looked at where it would cost too much to look at all.
    private static var courseSample: Int { 24 }
    /// Calls that the lists of the courses may cost a plan in any case: two minutes at the common rate.
    private static var courseCalls: Int { 300 }
    /// Pages of the courses that are read to count those in scope.
    private static var countedPages: Int { 20 }

    func lookAtCourses(_ forecast: inout Forecast) async throws -> CourseSample {
        let list = lists.courses()
        var sample = CourseSample()
        guard let first = try await probe.look(at: list) else { return sample }
        sample.pages = first.statedPages ?? 1
        forecast.add(sample.pages, to: "courses")
        var pageSamples = [first]
        sample.read = [1]
        // Which courses are in scope no total tells.
        let wanted = probe.scope.isEverything ? 4 : Self.countedPages
        for page in Sampling.spread(Array(2..<max(sample.pages + 1, 3)), wanted - 1) where page <= sample.pages {
            guard let pageSample = try await probe.look(at: list, page: page) else { continue }
            pageSamples.append(pageSample)
            sample.read.insert(page)
        }
        sample.ids = pageSamples.flatMap { $0.records(Course.self).map(\.courseID) }.uniqued()
        if probe.scope.isEverything {
            // A total that counts the page says less than the courses that came.
            sample.total = max(first.info.totalItems ?? 0, sample.ids.count)
            sample.isCounted = true
        } else {
            let listed = pageSamples.reduce(0) { $0 + $1.items }
            let all = max(first.info.totalItems ?? listed, listed)
            sample.isCounted = sample.read.count == sample.pages
            sample.total = sample.isCounted ? sample.ids.count : sample.ids.count * all / max(listed, 1)
        }
        return sample
    }

    /// Chooses the courses to look at: all, where that is cheap beside what is planned, since each states its totals.
    func choose(_ courses: inout CourseSample, _ accounts: Accounts) async throws {
        let eachCourse =
            (lists.peopleQueue(probe) == nil ? 0 : 1) + (probe.isSelected("certificates") ? 1 : 0)
            + (probe.isSelected("grades") ? 1 : 0) + (probe.isSelected("assessment_responses") ? 1 : 0)
        let planned = Double(courses.total * (eachCourse + 1)) + 2 * accounts.active
        let calls = courses.total * eachCourse + courses.pages - courses.read.count
        guard calls <= max(Self.courseCalls, Int(planned / 20)) else {
            courses.chosen = Sampling.spread(courses.ids, Self.courseSample)
            return
        }
        let list = lists.courses()
        for page in 1...courses.pages where !courses.read.contains(page) {
            guard let pageSample = try await probe.look(at: list, page: page) else { continue }
            courses.ids = (courses.ids + pageSample.records(Course.self).map(\.courseID)).uniqued()
            courses.read.insert(page)
        }
        courses.chosen = courses.ids
        if courses.read.count == courses.pages { (courses.total, courses.isCounted) = (courses.ids.count, true) }
    }

    /// Adds the pages of a list that every course has.
    func add(
        _ courses: CourseSample,
        to stream: String,
        _ forecast: inout Forecast,
        _ makeList: (String) -> ListRead,
        noting: (PageSample) -> Void = { _ in }
    ) async throws {
        var pages = 0
        for course in courses.chosen {
            let pageSample = try await probe.look(at: makeList(course))
            pages += pageSample?.statedPages ?? 1
            if let pageSample { noting(pageSample) }
        }
        forecast.add(Double(pages) * courses.weight, to: stream, isExact: courses.isWhole, courses.reason)
    }

    /// The grades of the courses.
    ///
    /// - Returns: What the responses to what is graded there will cost.
    func lookAtGrades(_ courses: CourseSample, _ forecast: inout Forecast) async throws -> Double {
        guard probe.isSelected("grades") else { return 0 }
        var responses = 0
        var pages = 0
        for course in courses.chosen {
            guard let pageSample = try await probe.look(at: lists.grades(course: course, probe)) else {
                pages += 1
                continue
            }
            pages += pageSample.statedPages ?? 1
            guard probe.isSelected("assessment_responses") else { continue }
            let named = Set(pageSample.records(Assessment.self).map(\.assessmentID))
            // What somebody has begun and nobody submitted is asked for too; only contents name that.
            let contents = try await probe.look(at: lists.contents(course: course, probe))
            let offered = Set(contents?.records(Assessment.self).map(\.assessmentID) ?? [])
            let units = named.isEmpty ? named : named.union(offered)
            guard !units.isEmpty else { continue }
            let perUnit = Double(pageSample.info.totalItems ?? pageSample.items) / Double(max(named.count, 1))
            responses += named.count * max(1, Int((perUnit / 200).rounded(.up))) + units.count - named.count
        }
        forecast.add(Double(pages) * courses.weight, to: "grades", isExact: courses.isWhole, courses.reason)
        return Double(responses) * courses.weight
    }
}
