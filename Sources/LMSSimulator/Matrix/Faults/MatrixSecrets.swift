/// Values of Sources/Platforms/Matrix/README.md §7 that must never reach a warehouse, a log or a process title.
///
/// The first group is in every answer of its kind; the second comes with `plantSecrets`. The API key inside
/// `certificate_file_url` is the site's own.
enum MatrixSecrets {
    static let always: [(place: StaticString, value: StaticString)] = [
        ("users.nick_name", "PLANTED-nick-name"),
        ("users.sms_email", "PLANTED-sms-email"),
        ("users.phone", "PLANTED-phone"),
        ("users.gender", "PLANTED-gender"),
        ("users.street_1", "PLANTED-street"),
        ("users.street_2", "PLANTED-second-street"),
        ("users.city", "PLANTED-city"),
        ("users.state", "PLANTED-state"),
        ("users.zip", "PLANTED-zip"),
        ("users.country", "PLANTED-country"),
        ("users.skype", "PLANTED-skype"),
        ("users.picture", "PLANTED-picture"),
        ("roster.notes", "PLANTED-note"),
        ("gradebook.comment", "PLANTED-comment"),
        ("completions.certificate_file_url", "download_certificate"),
        ("sessions.ip_address", "PLANTED-ip-address"),
    ]

    /// Credentials and national ids; `users` means the walk and every embedded user.
    static let onRequest: [(place: StaticString, value: StaticString)] = [
        ("users.password", "PLANTED-password"),
        ("users.ssn", "PLANTED-ssn"),
        ("users.access_code", "PLANTED-access-code"),
        ("users.National ID number", "PLANTED-national-id"),
        ("users.Passport", "PLANTED-passport"),
        ("users.Payroll reference", "PLANTED-ssn"),
        ("users.birthdate", "PLANTED-birthdate"),
        ("classes.access_code", "PLANTED-class-access-code"),
    ]

    static func writeAlways(to record: MatrixObject) {
        record.writer.raw(
            "\"nick_name\":\"PLANTED-nick-name\",\"sms_email\":\"PLANTED-sms-email\",\"skype\":\"PLANTED-skype\","
        )
        record.writer.raw("\"phone\":\"PLANTED-phone\",\"gender\":\"PLANTED-gender\",")
        record.writer.raw("\"street_1\":\"PLANTED-street\",\"street_2\":\"PLANTED-second-street\",")
        record.writer.raw("\"city\":\"PLANTED-city\",\"state\":\"PLANTED-state\",\"zip\":\"PLANTED-zip\",")
        record.writer.raw("\"country\":\"PLANTED-country\",")
        record.writer.raw("\"picture\":\"https://media.example.test/PLANTED-picture.png\",")
    }

    static func writeOnRequest(to record: MatrixObject, apiKey: String) {
        record.writer.raw(
            "\"password\":\"PLANTED-password\",\"ssn\":\"PLANTED-ssn\",\"birthdate\":\"PLANTED-birthdate\","
        )
        record.writer.raw("\"access_code\":\"PLANTED-access-code\",\"National ID number\":\"PLANTED-national-id\",")
        record.writer.raw("\"Passport\":\"PLANTED-passport\",\"Payroll reference\":\"PLANTED-ssn\",\"Badge link\":")
        record.writer.string("https://school.example.test/api/badge?api_key=" + apiKey)
        record.writer.raw(",")
    }
}
