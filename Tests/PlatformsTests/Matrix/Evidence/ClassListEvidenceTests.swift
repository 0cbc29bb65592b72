import Testing

@testable import Platforms

@Suite("What the lists of a MATRIX class prove")
struct ClassListEvidenceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var absence: ClassListEvidence.Absence
        var verdict: ClassListEvidence.Verdict

        init(
            _ text: String,
            _ list: MatrixClassList,
            twice: Bool = true,
            empty: Bool = false,
            gradebookHasLearners: Bool? = nil,
            named: Bool = false,
            sweep: Bool = false,
            _ verdict: ClassListEvidence.Verdict
        ) {
            testDescription = text
            absence = ClassListEvidence.Absence(
                list: list,
                isMissingTwice: twice,
                isListEmpty: empty,
                gradebookHasLearners: gradebookHasLearners,
                isNamedByGradebook: named,
                isSweep: sweep
            )
            self.verdict = verdict
        }
    }

    static let rows: [Row] = [
        Row("a learner missing twice from a roster with others is gone", .roster, .gone),
        Row("a learner missing once is not", .roster, twice: false, .unproved),
        Row("an empty roster proves nothing in an increment", .roster, empty: true, gradebookHasLearners: false, .unproved),
        Row("nor in a sweep that knows no gradebook", .roster, empty: true, sweep: true, .unproved),
        Row("nor where the gradebook has learners", .roster, empty: true, gradebookHasLearners: true, sweep: true, .unproved),
        Row(
            "a sweep's empty roster with an empty gradebook does, if rosters of other classes are not empty",
            .roster, empty: true, gradebookHasLearners: false, sweep: true, .goneIfFunctionAnswers
        ),
        Row(
            "missing once from it is not enough",
            .roster, twice: false, empty: true, gradebookHasLearners: false, sweep: true, .unproved
        ),
        Row("a teacher missing twice from a list with others is gone", .teachers, .gone),
        Row("a teacher missing once is not", .teachers, twice: false, .unproved),
        Row(
            "an empty list of teachers does, if those of other classes are not empty",
            .teachers, empty: true, .goneIfFunctionAnswers
        ),
        Row("an assignment missing twice is gone", .assignments, .gone),
        Row("an assignment missing once is not", .assignments, twice: false, .unproved),
        Row("one that the gradebook names is there", .assignments, named: true, .unproved),
        Row("even where the list is empty", .assignments, empty: true, named: true, .unproved),
        Row(
            "an empty list of assignments does, if those of other classes are not empty",
            .assignments, empty: true, .goneIfFunctionAnswers
        ),
    ]

    @Test("a truth table", arguments: rows)
    func verdicts(row: Row) {
        #expect(ClassListEvidence.verdict(on: row.absence) == row.verdict)
    }

    struct Reading: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var list: MatrixClassList
        var isEmpty = false
        var isGradebookRead = false
        var isSweep = false
        var lists: MatrixClassLists?
    }

    static let readings: [Reading] = [
        Reading(testDescription: "a roster is read again", list: .roster, lists: [.again, .roster]),
        Reading(testDescription: "an empty one is not, in an increment", list: .roster, isEmpty: true, lists: nil),
        Reading(
            testDescription: "in a sweep it is, with the gradebook's names",
            list: .roster, isEmpty: true, isSweep: true, lists: [.again, .roster, .names]
        ),
        Reading(testDescription: "teachers come with the assignments", list: .teachers, lists: [.again, .setup]),
        Reading(testDescription: "also where there was nobody", list: .teachers, isEmpty: true, lists: [.again, .setup]),
        Reading(
            testDescription: "assignments are read with the gradebook's names",
            list: .assignments, lists: [.again, .setup, .names]
        ),
        Reading(
            testDescription: "and without, where the run knows them",
            list: .assignments, isGradebookRead: true, lists: [.again, .setup]
        ),
    ]

    @Test("which lists are read again", arguments: readings)
    func secondReadings(reading: Reading) {
        let lists = ClassListEvidence.secondReading(
            of: reading.list,
            isListEmpty: reading.isEmpty,
            isGradebookRead: reading.isGradebookRead,
            isSweep: reading.isSweep
        )
        #expect(lists == reading.lists)
    }
}
