import LMSSimulator
import Platforms
import RegistrarTesting
import Settings

/// One kind of source as the tests of `sync --full` see it: a school in which everything can happen, and what can.
struct SweepCase: Sendable, CustomStringConvertible {
    /// The source's kind.
    var kind: String
    /// A school of that kind, the same for the same seed; of a dozen courses and a hundred people.
    var school: @Sendable (_ seed: UInt64) -> SchoolOptions
    /// Everything that happens of itself.
    var changes: [ChangeKind]
    /// What a school lives through in the model, in the order that the seeds choose from; what is often, often.
    var life: [ChangeKind]
    /// What a sync finds only by its rolling share.
    var silent: [ChangeKind]
    /// What undoes deletions.
    var restorations: [ChangeKind]
    /// Switches by which rows move between pages while a sweep reads them.
    var moving: String
    /// Options that make the bounds of the rolling share short, and the longest of them in days.
    var shortBounds: (lines: [String], days: Int)

    var description: String { kind }

    /// The kinds that these tests know.
    static let all: [SweepCase] = [.learnWorlds(.grow), .learnWorlds(.learnworlds), .matrix]

    static func learnWorlds(_ product: LearnWorldsProduct) -> SweepCase {
        SweepCase(
            kind: product.rawValue,
            school: { seed in
                let shape = GeneratedSchool.Shape(courses: 14, learners: 110, unlistedAssessments: 1, hasNullUnitIDs: true)
                return SchoolOptions(kind: product, school: GeneratedSchool.make(shape, seed: seed))
            },
            changes: LearnWorldsChange.all,
            life: LearnWorldsChange.all + LearnWorldsChange.restorations + LearnWorldsChange.visible,
            silent: LearnWorldsChange.silent,
            restorations: LearnWorldsChange.restorations,
            moving: """
                {"page_size_caps": {"users": 40, "grades": 20}, "shifts": [{"list": "users", "after_page": 1, "times": 1}]}
                """,
            shortBounds: (["active_max_age: 4d", "cold_max_age: 8d"], 8)
        )
    }

    static let matrix = SweepCase(
        kind: "matrix",
        school: { seed in
            let shape = MatrixShape(users: 130, classes: 14, learnersPerClass: 14, teachersPerClass: 2, organizations: 5)
            return SchoolOptions(matrix: GeneratedMatrixSchool.make(shape, seed: seed))
        },
        changes: MatrixChanges.all + MatrixChanges.sweepOnly + [.detailsCleared],
        life: MatrixChanges.all + MatrixChanges.restorations + MatrixChanges.sweepOnly + [.detailsCleared]
            + MatrixChanges.visible,
        silent: MatrixChanges.silent,
        restorations: MatrixChanges.restorations,
        moving: #"{"shifts": [{"list": "users", "after_page": 1, "times": 1}], "short_page": {"classes": 1}}"#,
        shortBounds: (["archived_max_age: 4d", "assignments_max_age: 3d"], 4)
    )
}

extension SchoolHarness {
    /// The same, where no number of deletions is too many: of a dozen courses one is a large part.
    var believing: SchoolHarness { configured { $0.maxDeletionFraction = 1 } }
}
