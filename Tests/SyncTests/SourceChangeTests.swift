import Extractor
import Platforms
import Testing

@testable import Loader
@testable import Sync

@Suite("How a source stands to the rows under its id")
struct SourceChangeTests {
    private static let kind = KindDescription(
        kind: "grow",
        title: "Grow",
        streams: ["courses", "learners"],
        defaultStreams: ["courses", "learners"],
        defaultRequestsPerSecond: 1,
        credentialSets: [],
        options: []
    )

    private static func settings(_ change: (inout SourceSettings) -> Void = { _ in }) -> SourceSettings {
        var settings = SourceSettings(
            id: "acme",
            kind: "grow",
            url: "https://acme.example.org",
            credentials: Credentials(),
            requestsPerSecond: 1,
            streams: ["courses", "learners"],
            configDigest: "d"
        )
        change(&settings)
        return settings
    }

    private static func stored(
        kind: String = "grow",
        url: String = "https://acme.example.org",
        digest: String? = "d",
        form: StoredForm? = StoredForm(settings(), kind: SourceChangeTests.kind)
    ) -> StoredSource {
        StoredSource(
            sourceID: "acme",
            kind: kind,
            url: url,
            configDigest: digest,
            storedForm: form?.json,
            notBefore: nil,
            baselineCompletedAt: nil
        )
    }

    private func decide(
        _ stored: StoredSource?,
        isLoaded: Bool = true,
        _ settings: SourceSettings = SourceChangeTests.settings()
    ) -> SourceChange {
        SourceChange.decide(stored: stored, isLoaded: isLoaded, settings: settings, kind: Self.kind)
    }

    @Test("nothing is changed where nothing was loaded, or the same")
    func none() {
        #expect(decide(nil) == .none)
        #expect(decide(Self.stored()) == .none)
        #expect(decide(Self.stored(kind: "matrix", url: "https://x"), isLoaded: false) == .none)
    }

    @Test(
        "an address is its host and port, however it is written",
        arguments: [
            ("https://acme.example.org", "https://ACME.example.org/admin/api/", true),
            ("https://acme.example.org:443", "https://acme.example.org", true),
            ("https://acme.example.org", "https://sister.example.org", false),
            ("http://127.0.0.1:8081", "http://127.0.0.1:8082", false),
        ]
    )
    func hosts(_ before: String, _ now: String, _ isSame: Bool) {
        let change = decide(Self.stored(url: before), Self.settings { $0.url = now })
        #expect(change == (isSame ? .none : .host(stored: before, form: nil)))
        #expect(change.isHealed(byRestarting: nil, of: ["courses", "learners"]) == isSame)
    }

    @Test("another kind is another school whatever else is said")
    func kinds() {
        let change = decide(Self.stored(kind: "learnworlds"), Self.settings { $0.movedFrom = ["acme.example.org"] })
        #expect(change == .kind(stored: "learnworlds", url: "https://acme.example.org"))
        #expect(!change.isHealed(byRestarting: ["courses", "learners"], of: ["courses", "learners"]))
    }

    @Test("a former address that is named is the school's own")
    func moved() {
        for former in [["https://acme.example.org"], ["other.example.org", "acme.example.org"]] {
            let change = decide(
                Self.stored(),
                Self.settings { settings in
                    settings.url = "https://new.example.org"
                    settings.movedFrom = former
                }
            )
            #expect(change == .moved)
            #expect(change.isHealed(byRestarting: nil, of: ["learners"]) || change.restatement == nil)
        }
    }

    @Test("another host is confirmed by reading all of it again, not a part")
    func confirmed() {
        let change = decide(Self.stored(url: "https://x.example.org"))
        #expect(change.isHealed(byRestarting: ["courses", "learners"], of: ["courses", "learners"]))
        #expect(!change.isHealed(byRestarting: ["learners"], of: ["courses", "learners"]))
        #expect(change.isMadeByRestart)
    }

    @Test("another form is healed by reading again what it touches")
    func form() throws {
        let change = decide(Self.stored(), Self.settings { $0.customFields = .none })
        #expect(change.streamsTouched(of: ["courses", "learners"]) == ["learners"])
        #expect(change.isHealed(byRestarting: ["learners"], of: ["courses", "learners"]))
        #expect(!change.isHealed(byRestarting: ["courses"], of: ["courses", "learners"]))
        #expect(try #require(change.restatement).keptFields == [])
        let zone = decide(Self.stored(), Self.settings { $0.timeZone = "Asia/Tokyo" })
        #expect(zone.streamsTouched(of: ["courses", "learners"]) == ["courses", "learners"])
        let both = decide(Self.stored(url: "https://x.example.org"), Self.settings { $0.customFields = .none })
        #expect(both.restatement?.keptFields == [], "whoever confirms a host confirms the form with it")
    }

    @Test("of a warehouse that an earlier release loaded the digest tells whether anything changed")
    func earlierRelease() {
        #expect(decide(Self.stored(form: nil)) == .none)
        #expect(decide(Self.stored(digest: nil, form: nil)) == .none)
        #expect(decide(Self.stored(digest: "other", form: nil)) == .form(.unknown))
    }
}
