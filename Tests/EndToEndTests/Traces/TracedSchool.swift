import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

/// A small school of one kind, whose life a trace tells.
///
/// The seed decides what is in the school and what happens in it, and also how it is read.
struct TracedSchool: Sendable, CustomTestStringConvertible {
    /// How a source is configured, or what its site is like.
    enum Variant: UInt64, CaseIterable, Sendable {
        /// With the defaults.
        case plain = 1
        /// Small pages: every list has several.
        case paged = 2
        /// People are pseudonymised, most custom fields are left out, bounds of age are short, and the site hides what it can.
        case hidden = 3
    }

    let platform: PlatformCase
    let variant: Variant

    var seed: UInt64 { 7_000 + variant.rawValue }
    var fixture: TraceFixture { TraceFixture(name: "\(platform.kind)-\(variant.rawValue).txt") }
    var testDescription: String { "\(platform.kind), \(variant)" }

    /// The three schools of a kind.
    static func schools(of platform: PlatformCase) -> [TracedSchool] {
        Variant.allCases.map { TracedSchool(platform: platform, variant: $0) }
    }

    var options: SchoolOptions {
        switch platform.kind {
        case "blackboard": blackboard
        case "matrix": matrix
        default: learnWorlds
        }
    }

    private var learnWorlds: SchoolOptions {
        var faults = Faults()
        if variant == .paged {
            faults.pageSizeCaps = [
                "users": 7, "courses": 2, "roster": 4, "grades": 4, "responses": 3, "certificates": 3, "progress": 2,
                "enrollments": 1, "events": 25,
            ]
        }
        return SchoolOptions(
            kind: platform.kind == "grow" ? .grow : .learnworlds,
            school: GeneratedSchool.make(
                .init(
                    courses: 5,
                    learners: 24,
                    enrollmentsPerLearner: 1.5,
                    unlistedAssessments: 1,
                    hasNullUnitIDs: variant == .hidden
                ),
                seed: seed
            ),
            faults: faults,
            optionLines: variant == .hidden ? ["active_max_age: 2d", "cold_max_age: 6d"] : []
        )
    }

    private var blackboard: SchoolOptions {
        var faults = BlackboardFaults()
        if variant == .paged {
            faults.pageSizeCaps = ["users": 11, "courses": 3, "memberships": 5, "columns": 4, "grades": 4]
        }
        if variant == .hidden {
            faults.hideDisabledMemberships = true
            faults.hiddenFields = ["users.contact.email"]
        }
        let lines = ["column_max_age: 1d", "cold_max_age: 6d", "grade_orientation: learner", "organizations: true"]
        return SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(
                .init(
                    courses: 6,
                    learners: 30,
                    membersPerCourse: 8,
                    columnsPerCourse: 4,
                    disabledShare: 0.08,
                    archivedCourses: 1
                ),
                seed: seed
            ),
            faults: faults,
            sourceLines: ["requests_per_day: 1000000"],
            optionLines: variant == .hidden ? lines : []
        )
    }

    private var matrix: SchoolOptions {
        var faults = MatrixFaults()
        if variant == .hidden {
            faults.walkHidesArchived = true
            faults.absentNulls = true
        }
        return SchoolOptions(
            matrix: GeneratedMatrixSchool.make(
                MatrixShape(
                    users: variant == .paged ? 210 : 60,
                    classes: 7,
                    learnersPerClass: 9,
                    assignmentsPerClass: 3
                ),
                seed: seed
            ),
            faults: faults,
            optionLines: variant == .hidden
                ? ["class_max_age: 6h", "archived_max_age: 4d", "assignments_max_age: 2d"] : []
        )
    }

    /// The harness in which everything happens in one order: one request at a time, by clocks that stand still.
    func tamed(_ harness: SchoolHarness) throws -> SchoolHarness {
        let kind = try #require(PlatformRegistry.kinds.first { $0.kind == platform.kind })
        var tamed = harness.configured { settings in
            settings.concurrency = 1
            settings.streams = kind.streams
            // Of so few courses one is a large part.
            settings.maxDeletionFraction = 1
            guard variant == .hidden else { return }
            settings.pseudonymize = ["email", "last_name", "username"]
            settings.pseudonymKey = Secret(String(repeating: "k", count: 32))
            settings.customFields = .named(["cf_badge", "department"])
        }
        tamed.parts.time = StandingTime(harness.simulator)
        tamed.parts.random = NoJitter()
        return tamed
    }
}

extension TracedSchool {
    /// Whether the platform has a log that can be replayed.
    var hasEventLog: Bool { ["grow", "learnworlds"].contains(platform.kind) }

    /// What undoes deletions.
    var restorations: [ChangeKind] {
        switch platform.kind {
        case "blackboard": BlackboardChanges.restorations
        case "matrix": MatrixChanges.restorations
        default: LearnWorldsChange.restorations
        }
    }

    /// An id that the platform has nowhere.
    func ghost(_ number: Int) -> String {
        switch platform.kind {
        case "blackboard": "_9990\(number)_1"
        case "matrix": "9999990\(number)"
        default: "ghost-\(number)"
        }
    }

    /// Switches by which the grades of a course are refused, and those that undo it.
    func refusal(of course: String) -> (on: String, off: String) {
        switch platform.kind {
        case "blackboard":
            (#"{"status_for_path": {"/v2/courses/\#(course)/gradebook/columns": 403}}"#, #"{"status_for_path": {}}"#)
        case "matrix": (#"{"status_for_call": {"get_grades_for_class/\#(course)": 403}}"#, #"{"status_for_call": {}}"#)
        default: (#"{"status_for_path": {"/v2/courses/\#(course)/grades": 403}}"#, #"{"status_for_path": {}}"#)
        }
    }

    /// Switches that put one record into a list: a broken one, or one that can be stored.
    func hostile(_ kind: HostileRecord.Kind?) -> String {
        let record = kind.map { #"{"list": "\#(platform.hostileList.list)", "kind": "\#($0.rawValue)"}"# } ?? ""
        return #"{"hostile": [\#(record)]}"#
    }
}
