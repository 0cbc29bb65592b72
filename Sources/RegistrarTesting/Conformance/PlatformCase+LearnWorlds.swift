import LMSSimulator

extension PlatformCase {
    package static let grow = learnWorlds(.grow)
    package static let learnWorlds = learnWorlds(.learnworlds)

    private static func learnWorlds(_ product: LearnWorldsProduct) -> PlatformCase {
        PlatformCase(
            kind: product.rawValue,
            school: { size, seed in
                var shape = GeneratedSchool.Shape(courses: 8, learners: 90, unlistedAssessments: 1)
                if size == .thousandCalls {
                    shape = GeneratedSchool.Shape(courses: 16, learners: 480, enrollmentsPerLearner: 2)
                }
                return SchoolOptions(kind: product, school: GeneratedSchool.make(shape, seed: seed))
            },
            baselineRequests: { RequestFormula(baselineOf: $0).total },
            idleRequests: { ($0.truthCount("courses") + 99) / 100 + 2 },
            settling: 4_000,
            lateColumns: ["learners.last_login_at"],
            hostileList: ("users", "learners"),
            rejectedKinds: Set(HostileRecord.Kind.allCases.filter(\.isRejected)),
            refusal: #"{"refuse_secret": true, "revoke_tokens": true}"#,
            throttling: #"{"too_many_requests_calls": 4}"#,
            columnOptions: ["external_id_field: cf_badge"]
        )
    }
}
