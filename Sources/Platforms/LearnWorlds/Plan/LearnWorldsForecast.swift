import Extractor
import Records
import Transformer

/// Says what a baseline of a school will cost: the formula of Sources/Platforms/LearnWorlds/README.md §4.
///
/// Page 1 of the courses, the users and the event log states their totals. Rosters, grades and certificates state theirs
/// course by course: where that is cheap beside the baseline all are looked at, else some spread over the whole list.
struct LearnWorldsForecast<Probe: BaselineProbe> {
    let lists: LearnWorldsLists
    let probe: Probe

    /// Pages of the users that are read.
    private static var userPages: Int { 10 }
    /// Learners who never logged in that are looked up.
    private static var learnerSample: Int { 12 }

    func forecast() async throws -> Forecast {
        var forecast = Forecast()
        var courses = try await lookAtCourses(&forecast)
        if let stream = lists.contentsStream(probe) {
            forecast.add(Double(courses.total), to: stream, isExact: courses.isCounted, courses.reason)
        }
        let people = try await lookAtLearners(&forecast)
        try await choose(&courses, people)
        try await lookAtPeople(courses, people, &forecast)
        let submissions = try await lookAtGrades(courses, &forecast)
        if probe.isSelected("certificates") {
            try await add(courses, to: "certificates", &forecast) { lists.certificates(course: $0) }
        }
        if probe.isSelected("assessment_responses") {
            forecast.add(about: submissions, to: "assessment_responses", "\(courses.reason), by what is graded there")
        }
        try await lookAtEvents(&forecast)
        return forecast
    }

    // MARK: Whole lists

    /// Who has accounts: how many, how many of them ever logged in, and some of the others.
    struct Accounts {
        var total = 0
        var isWhole = false
        var read = 0
        var active = 0.0
        var neverIn: [String] = []
        /// How many learners each of those read stands for.
        var weight: Double { read == 0 ? 0 : Double(total) / Double(read) }
    }

    private func lookAtLearners(_ forecast: inout Forecast) async throws -> Accounts {
        var accounts = Accounts()
        guard probe.isSelected("learners") else { return accounts }
        let list = lists.learners(queuingFor: nil)
        guard let first = try await probe.look(at: list) else { return accounts }
        let pages = first.statedPages ?? 1
        forecast.add(pages, to: "learners")
        accounts.total = first.info.totalItems ?? 0
        // Of a part of the courses, only who is on their rosters is asked for.
        guard lists.peopleQueue(probe) != nil, probe.scope.isEverything else { return accounts }
        var learners = first.records(Learner.self)
        var read = 1
        for page in Sampling.spread(Array(2..<max(pages + 1, 3)), Self.userPages - 1) where page <= pages {
            guard let pageSample = try await probe.look(at: list, page: page) else { continue }
            learners += pageSample.records(Learner.self)
            read += 1
        }
        accounts.isWhole = read == pages
        accounts.read = learners.count
        accounts.total = accounts.isWhole ? learners.count : max(first.info.totalItems ?? 0, learners.count)
        let active = learners.count { !lists.options.skipsNeverActive || $0.lastLoginAt != nil }
        accounts.active = Double(active) * accounts.weight
        if lists.options.skipsNeverActive {
            accounts.neverIn = learners.filter { $0.lastLoginAt == nil }.map(\.learnerID)
        }
        return accounts
    }

    private func lookAtEvents(_ forecast: inout Forecast) async throws {
        guard probe.isSelected("events") else { return }
        let now = probe.serverNow
        let list = lists.events(
            EventStretch(after: lists.options.eventsSince.map { now.advanced(by: .zero - $0) }),
            before: now.advanced(by: .seconds(1)),
            probe
        )
        let pages = try await probe.look(at: list)?.statedPages ?? 1
        // A long log is read in stretches, and each begins with the last rows of the one before.
        forecast.add(
            Double(pages),
            to: "events",
            isExact: pages <= EventStretch.pages,
            "the log's own total; each of \((pages - 1) / EventStretch.pages) restarts may repeat a page"
        )
    }

    // MARK: People

    /// Rosters, and per learner the enrollments and the progress: steps 4 and 5 of
    /// Sources/Platforms/LearnWorlds/README.md §4.
    private func lookAtPeople(
        _ courses: CourseSample,
        _ accounts: Accounts,
        _ forecast: inout Forecast
    ) async throws {
        guard let queue = lists.peopleQueue(probe) else { return }
        var rostered: Set<String> = []
        var (seats, seatsSeen) = (0.0, 0)
        var areRostersWhole = courses.isWhole
        try await add(courses, to: queue, &forecast) {
            lists.roster(course: $0, queue: queue, isBaseline: true)
        } noting: { pageSample in
            if !pageSample.isLast { areRostersWhole = false }
            seats += Double(max(pageSample.info.totalItems ?? 0, pageSample.items)) * courses.weight
            for case .queue(let entry) in pageSample.parsed.changes {
                rostered.insert(entry.partition)
                seatsSeen += 1
            }
        }
        guard probe.scope.isEverything else {
            let learners = Sampling.distinct(
                seen: rostered.count,
                of: accounts.total,
                factor: areRostersWhole ? 1 : seats / Double(max(seatsSeen, 1))
            )
            let reason = "learners on the rosters of the courses in scope: about \(Int(learners.rounded()))"
            return addLearners(learners, isExact: areRostersWhole, reason, &forecast)
        }
        var learners = accounts.active
        var isExact = accounts.isWhole
        if areRostersWhole {
            learners += Double(accounts.neverIn.count { rostered.contains($0) }) * accounts.weight
        } else if !accounts.neverIn.isEmpty {
            let known = accounts.neverIn.filter(rostered.contains)
            let others = accounts.neverIn.filter { !rostered.contains($0) }
            let asked = Sampling.spread(others, Self.learnerSample)
            var enrolled = 0
            for learner in asked {
                let pageSample = try await probe.look(at: lists.enrollments(learner: learner, parentIsKnown: true))
                if pageSample?.items ?? 0 > 0 { enrolled += 1 }
            }
            let share = asked.isEmpty ? 0 : Double(enrolled) / Double(asked.count)
            learners += (Double(known.count) + Double(others.count) * share) * accounts.weight
            isExact = false
        }
        let reason =
            "learners who ever logged in or are on a roster: about \(Int(learners.rounded())), from "
            + "\(accounts.read) of \(accounts.total) accounts"
        addLearners(learners, isExact: isExact, reason, &forecast)
    }

    private func addLearners(_ learners: Double, isExact: Bool, _ reason: String, _ forecast: inout Forecast) {
        for stream in ["enrollments", "progress"] where probe.isSelected(stream) {
            // Courses of one learner fit on one page but for very few.
            forecast.add(learners, to: stream, isExact: isExact, reason)
        }
    }
}
