import Testing

@testable import Platforms

@Suite("What answers of MATRIX prove of awards, periods and progress")
struct MatrixEvidenceTests {
    @Test(
        "an award is gone where its completion is, or stands without it",
        arguments: [
            (true, false, AwardEvidence.Verdict.unproved), (true, true, .gone), (false, false, .gone), (false, true, .gone),
        ]
    )
    func awards(isCompleted: Bool, isNamed: Bool, verdict: AwardEvidence.Verdict) {
        #expect(AwardEvidence.verdict(isCompleted: isCompleted, isCompletionNamed: isNamed) == verdict)
    }

    @Test(
        "an award goes with its learner or class, and is asked for otherwise",
        arguments: [(false, false, true), (true, false, false), (false, true, false), (true, true, false)]
    )
    func doubtfulAwards(isLearnerGone: Bool, isClassGone: Bool, isAskedFor: Bool) {
        #expect(AwardEvidence.isAskedFor(isLearnerGone: isLearnerGone, isClassGone: isClassGone) == isAskedFor)
    }

    @Test("periods are gone that a record names no longer; a record that is silent takes none away")
    func periods() {
        #expect(PeriodEvidence.gone(stored: ["a", "b"], named: ["b", "c"]) == ["a"])
        #expect(PeriodEvidence.gone(stored: ["a", "b"], named: []) == ["a", "b"])
        #expect(PeriodEvidence.gone(stored: ["a", "b"], named: nil).isEmpty)
        #expect(PeriodEvidence.gone(stored: [], named: ["a"]).isEmpty)
    }

    @Test(
        "progress is gone that two rosters with somebody on them lack",
        arguments: [
            (true, Bool?.none, ProgressEvidence.Verdict.unproved), (true, false, .unproved), (true, true, .unproved),
            (false, nil, .readAgain), (false, false, .unproved), (false, true, .gone),
        ]
    )
    func progress(isRosterEmpty: Bool, isMissingTwice: Bool?, verdict: ProgressEvidence.Verdict) {
        #expect(ProgressEvidence.verdict(isRosterEmpty: isRosterEmpty, isMissingTwice: isMissingTwice) == verdict)
    }
}
