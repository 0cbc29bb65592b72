/// Values that must never reach a warehouse, a log or a process title; all hold the word `PLANTED`.
///
/// The ones of the first group are in every answer of their kind, since Sources/Platforms/LearnWorlds/README.md §7
/// names their fields; the second group comes with `WireFaults.plantSecrets`.
enum PlantedSecrets {
    static let marker = "PLANTED"

    /// Fields of the never-store list that are always there.
    static let always: [(place: StaticString, value: StaticString)] = [
        ("users.billing_info", "PLANTED-billing-tax-id"),
        ("users.utms", "PLANTED-utm-source"),
        ("users.nps_comment", "PLANTED-nps-comment"),
        ("users.fields.phone", "PLANTED-phone"),
        ("users.fields.address", "PLANTED-address"),
        ("users.fields.birthday", "PLANTED-birthday"),
        ("certificates.form.ptin", "PLANTED-ptin"),
        ("certificates.short_url", "PLANTED-short-url"),
        ("responses.answers.answerData.url", "PLANTED-download-signature"),
        ("events.additional_info.agent.ip", "PLANTED-agent-ip"),
        ("events.additional_info.agent.device_token", "PLANTED-device-token"),
        ("events.additional_info.ip_address", "PLANTED-ip-address"),
    ]

    /// Credentials and national ids in places where nobody expects them.
    static let onRequest: [(place: StaticString, value: StaticString)] = [
        ("users.fields.cf_password", "PLANTED-password"),
        ("users.fields.cf_national_id", "PLANTED-national-id"),
        ("users.fields.ssn", "PLANTED-ssn"),
        ("users.fields.api_key", "PLANTED-api-key"),
        ("users.password", "PLANTED-user-password"),
        ("responses.answers.answerData.access_token", "PLANTED-access-token"),
        ("events.additional_info.access_token", "PLANTED-event-token"),
        ("courses.client_secret", "PLANTED-course-secret"),
    ]
}
