package import LMSSimulator

extension SchoolOptions {
    /// A MATRIX school.
    package init(
        matrix school: MatrixSchool,
        faults: MatrixFaults = MatrixFaults(),
        clock: ClockStart = .standard,
        sourceLines: [String] = [],
        optionLines: [String] = []
    ) {
        self.init(
            kind: "matrix",
            credentialLines: ["api_key: ${SCHOOL_SECRET}"],
            secret: "fake-key",
            sourceLines: sourceLines,
            optionLines: optionLines
        ) {
            try await Simulator.start(school, Simulator.MatrixSettings(clock: clock, faults: faults))
        }
    }
}

extension PlatformCase {
    package static let matrix = PlatformCase(
        kind: "matrix",
        school: { size, seed in
            var shape = MatrixShape(users: 150, classes: 12, learnersPerClass: 18)
            if size == .thousandCalls {
                shape = MatrixShape(users: 400, classes: 260, learnersPerClass: 5, assignmentsPerClass: 2)
            }
            return SchoolOptions(matrix: GeneratedMatrixSchool.make(shape, seed: seed))
        },
        baselineRequests: { MatrixFormula($0).baseline },
        idleRequests: { MatrixFormula($0).idle },
        settling: 4_000,
        lateColumns: ["organizations.name"],
        hostileList: ("users", "learners"),
        // A school field may bear a known key's name: the first one counts.
        rejectedKinds: Set(HostileRecord.Kind.allCases.filter(\.isRejected)).subtracting([.duplicateKeys]),
        refusal: #"{"status_for_path": {"/get_all_users": 401}}"#,
        throttling: #"{"too_many_requests_calls": 2}"#,
        addressEnd: "@example.test"
    )
}

/// What the formulas of Sources/Platforms/Matrix/README.md §4 and §5 say, from the school's own numbers.
package struct MatrixFormula: Sendable {
    package let users: Int
    package let classes: Int
    package let activeClasses: Int
    package let classesWithLearners: Int
    package let organizations: Int
    package let completions: Int

    package init(_ simulator: Simulator) {
        func rows(_ table: String) -> [Substring] {
            String(decoding: simulator.truth(table), as: UTF8.self).split(separator: "\n")
        }
        func value(_ name: String, in row: Substring) -> Substring? {
            row.components(of: "\"\(name)\":\"").map { $0.prefix { $0 != "\"" } }
        }
        users = simulator.truthCount("learners")
        let courses = rows("courses")
        classes = courses.count
        activeClasses = courses.count { value("status", in: $0) != "archived" }
        classesWithLearners = Set(rows("progress").compactMap { value("course_id", in: $0) }).count
        organizations = simulator.truthCount("organizations")
        completions = rows("progress").count { value("status", in: $0) == "completed" }
    }

    /// Sources/Platforms/Matrix/README.md §4: `1 + walks + 3C + C₊ + M`.
    package var baseline: Int {
        let windows = completions == 0 ? 1 : (completions + 1_999) / 2_000 + 1
        return 1 + Self.walk(users) + Self.walk(classes) + Self.walk(organizations) + 3 * classes + classesWithLearners
            + windows
    }

    /// Sources/Platforms/Matrix/README.md §5, within the hour: the walks of users and of active classes.
    package var idle: Int { Self.walk(users) + Self.walk(activeClasses) }

    /// Sources/Platforms/Matrix/README.md §5, a day after the last run.
    package var idleDay: Int {
        let archived = classes - activeClasses
        return Self.walk(users) + Self.walk(classes) + Self.walk(organizations) + 1 + 2 * activeClasses
            + 2 * ((activeClasses + 6) / 7) + 2 * ((archived + 29) / 30)
    }

    /// A page for each hundred and the empty one.
    package static func walk(_ count: Int) -> Int { (count + 99) / 100 + 1 }
}

extension Substring {
    /// What follows the first occurrence of `text`.
    fileprivate func components(of text: String) -> Substring? {
        guard let place = firstRange(of: text) else { return nil }
        return self[place.upperBound...]
    }
}
