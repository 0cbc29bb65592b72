import NIOCore

extension MatrixSite {
    mutating func completions(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let offset = faults.siteOffsetMinutes
        let isInclusive = faults.completionDates != "exclusive"
        let after = try arguments.day("completed_after", offsetMinutes: offset)?
            .adding(seconds: isInclusive ? 0 : 86_400)
        let before = try arguments.day("completed_before", offsetMinutes: offset)?
            .adding(seconds: isInclusive ? 86_400 : 0)
        let course = arguments.value("class_id") == nil ? nil : try arguments.integer("class_id")
        let user = arguments.value("user_id") == nil ? nil : try arguments.integer("user_id")
        let call = MatrixHostileCall(
            course: course,
            filter: [after, before].map { $0.map { "\($0.microseconds)" } ?? "" }.joined(separator: "/"),
            user: user
        )
        return array(.completions, call: call) { site in
            for index in site.school.classOrder.map(Int.init) {
                let known = site.school.classes[index]
                guard course == nil || known.id == course else { continue }
                for enrollment in known.enrollments where site.isInCompletions(enrollment) {
                    guard user == nil || site.id(ofUser: enrollment.user) == user else { continue }
                    if let after, enrollment.completedAt < after { continue }
                    if let before, enrollment.completedAt >= before { continue }
                    site.write(completion: enrollment, of: index)
                }
            }
        }
    }

    private func write(completion enrollment: MatrixEnrollment, of index: Int) {
        let certificates = school.classes[index].certificates
        let record = MatrixObject(writer, wire)
        record.value("class") { _ in write(course: index) }
        record.value("student") { writer in
            let student = MatrixObject(writer, wire)
            writeUserFields(Int(enrollment.user), to: student)
            if !faults.completionsLackTime { student.state("completed_at", enrollment.completedAt) }
            student.percent("percent", enrollment.completion.percent)
            student.text("grade", enrollment.completion.grade)
            student.end()
        }
        if !certificates.isEmpty {
            record.value("certificates") { writer in
                writer.byte(UInt8(ascii: "["))
                for certificate in certificates {
                    write(award: school.certificates[Int(certificate)], to: enrollment, in: index)
                    writer.byte(UInt8(ascii: ","))
                }
                writer.close(UInt8(ascii: "]"))
            }
        }
        record.end()
        writer.byte(UInt8(ascii: ","))
    }

    private func write(award certificate: MatrixCertificate, to enrollment: MatrixEnrollment, in index: Int) {
        let record = MatrixObject(writer, wire)
        record.integer("id", certificate.id)
        record.text("name", certificate.name)
        record.text("description", certificate.description)
        record.bool("printable", true)
        record.text("duration", certificate.duration)
        // As documented, the link calls the API with the caller's key.
        record.value("certificate_file_url") { writer in
            writer.raw("\"https://school.example.test/api/download_certificate?certificate_id=")
            writer.integer(certificate.id)
            writer.raw("&user_id=")
            writer.integer(school.users[Int(enrollment.user)].id)
            writer.raw("&api_key=")
            writer.plain(apiKey)
            writer.raw("\"")
        }
        record.end()
    }
}
