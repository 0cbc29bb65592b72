import Testing

@testable import Platforms

@Suite("What the lists of LearnWorlds prove")
struct LearnWorldsEvidenceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var absence: LearnWorldsEvidence.AbsentEnrollment
        var verdict: LearnWorldsEvidence.Verdict

        init(
            _ text: String,
            _ verdict: LearnWorldsEvidence.Verdict,
            _ change: (inout LearnWorldsEvidence.AbsentEnrollment) -> Void = { _ in }
        ) {
            (testDescription, self.verdict) = (text, verdict)
            absence = LearnWorldsEvidence.AbsentEnrollment()
            change(&absence)
        }
    }

    /// Neither the learner's own list nor the roster has the enrollment.
    static let absentEnrollments: [Row] = [
        Row("both lists have others: gone", .gone),
        Row("the own list is empty, the roster is not: gone", .gone) { $0.isOwnListEmpty = true },
        Row("the roster is empty, the own list is not: gone", .gone) { $0.isRosterEmpty = true },
        Row("both are empty, and nothing else is known: unproved", .unproved) {
            ($0.isOwnListEmpty, $0.isRosterEmpty) = (true, true)
        },
        Row("and own lists of others are not: unproved", .unproved) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.hasOtherLists) = (true, true, true)
        },
        Row("and rosters of others are not: unproved", .unproved) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.hasOtherRosters) = (true, true, true)
        },
        Row("and both kinds are not empty elsewhere: read again", .readAgain) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.hasOtherLists, $0.hasOtherRosters) = (true, true, true, true)
        },
        Row("both are empty, the list of progress is not and lacks the course: gone", .gone) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.progress) = (true, true, .lost)
        },
        Row("and never had it: gone", .gone) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.progress) = (true, true, .never)
        },
        Row("both are empty and so is the list of progress, which had the course: asked for", .askByID) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.progress, $0.isProgressListEmpty) = (true, true, .lost, true)
        },
        Row("which never had it: unproved", .unproved) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.progress, $0.isProgressListEmpty) = (true, true, .never, true)
        },
        Row("both are empty and the progress is there: unproved", .unproved) {
            ($0.isOwnListEmpty, $0.isRosterEmpty, $0.progress) = (true, true, .there)
        },
        Row("expired, progress unread and open: unproved", .unproved) { $0.hasExpired = true },
        Row("expired, completed: read again", .readAgain) { ($0.hasExpired, $0.isCompleted) = (true, true) },
        Row("expired, and progress is not read at all: read again", .readAgain) {
            ($0.hasExpired, $0.readsProgress) = (true, false)
        },
        Row("expired, and the progress is gone as well: asked for", .askByID) {
            ($0.hasExpired, $0.progress) = (true, .lost)
        },
        Row("expired, and there never was any: asked for", .askByID) { ($0.hasExpired, $0.progress) = (true, .never) },
        Row("expired, and the progress is there: unproved", .unproved) { ($0.hasExpired, $0.progress) = (true, .there) },
        Row("expired, the own list is empty: unproved", .unproved) {
            ($0.hasExpired, $0.isOwnListEmpty, $0.hasOtherLists) = (true, true, true)
        },
        Row("though the progress is gone, where no list has anything: unproved", .unproved) {
            ($0.hasExpired, $0.isOwnListEmpty, $0.progress) = (true, true, .lost)
        },
        Row("and the progress is gone, where lists of others have something: asked for", .askByID) {
            ($0.hasExpired, $0.isOwnListEmpty, $0.progress, $0.hasOtherLists) = (true, true, .lost, true)
        },
        Row("a completion does not help an empty list: unproved", .unproved) {
            ($0.hasExpired, $0.isOwnListEmpty, $0.isCompleted, $0.hasOtherLists) = (true, true, true, true)
        },
    ]

    @Test("of an enrollment", arguments: absentEnrollments)
    func enrollments(row: Row) {
        #expect(LearnWorldsEvidence.verdict(on: row.absence) == row.verdict)
    }

    @Test(
        "of progress",
        arguments: [
            (true, true, true, LearnWorldsEvidence.Verdict.askByID), (true, false, false, .askByID), (true, true, false, .askByID),
            (false, false, false, .gone), (false, false, true, .gone), (false, true, false, .readAgain),
            (false, true, true, .askByID),
        ]
    )
    func progress(isEnrolled: Bool, isCompleted: Bool, isListEmpty: Bool, verdict: LearnWorldsEvidence.Verdict) {
        let found = LearnWorldsEvidence.verdict(onProgressOf: isEnrolled, isCompleted: isCompleted, isListEmpty: isListEmpty)
        #expect(found == verdict)
    }

    @Test(
        "of a unit",
        arguments: [
            (false, false, LearnWorldsEvidence.Verdict.gone), (true, false, .unproved), (false, true, .unproved), (true, true, .unproved),
        ]
    )
    func units(isProgressAbsent: Bool, isListEmpty: Bool, verdict: LearnWorldsEvidence.Verdict) {
        #expect(LearnWorldsEvidence.verdict(onUnitOf: isProgressAbsent, isListEmpty: isListEmpty) == verdict)
    }

    @Test("of what stands in a list of a course or a unit: an empty list proves nothing")
    func lists() {
        #expect(LearnWorldsEvidence.verdict(onRowOf: true) == .unproved && LearnWorldsEvidence.verdict(onRowOf: false) == .readAgain)
        #expect(LearnWorldsEvidence.verdict(onCertificateMissingTwice: false) == .gone)
        #expect(LearnWorldsEvidence.verdict(onCertificateMissingTwice: true) == .readAgain, "its holder's own list decides")
    }

    @Test(
        "of an assessment that contents lack",
        arguments: [
            (false, true, false, LearnWorldsEvidence.Verdict.readAgain), (true, true, false, .unproved), (false, false, false, .unproved),
            (false, true, true, .unproved),
        ]
    )
    func assessments(isNamed: Bool, isCourseThere: Bool, isListEmpty: Bool, verdict: LearnWorldsEvidence.Verdict) {
        let found = LearnWorldsEvidence.verdict(
            onAssessmentNamed: isNamed,
            isCourseThere: isCourseThere,
            isListEmpty: isListEmpty
        )
        #expect(found == verdict)
    }

    @Test(
        "of a course or an account",
        arguments: [
            (false, Bool?.none, LearnWorldsEvidence.Verdict.unproved), (false, true, .unproved), (true, nil, .askByID), (true, true, .gone),
            (true, false, .unproved),
        ]
    )
    func objects(isPathProven: Bool, isMissing: Bool?, verdict: LearnWorldsEvidence.Verdict) {
        #expect(LearnWorldsEvidence.verdict(onObjectOf: isPathProven, isMissing: isMissing) == verdict)
    }
}
