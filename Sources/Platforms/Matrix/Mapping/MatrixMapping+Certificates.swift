import JSON
import Records
import Transformer

/// One completion of a class by a learner, with the certificates awarded for it.
struct MatrixCompletion: Sendable {
    var course: String
    var learner: String
    var completedAt: Timestamp?
    var awards: [MatrixAward]
    /// The embedded user, by the allow-list of users.
    var user: Learner?
}

/// One certificate, before it is known when it was issued.
struct MatrixAward: Sendable {
    var certificate: Certificate
    /// `certificates[].duration`: how long it is valid.
    var duration: String?

    /// The certificate as issued at `time`.
    ///
    /// - Parameter now: Decides whether it has run out.
    func issued(at time: Timestamp?, now: Timestamp) -> Certificate {
        var certificate = certificate
        certificate.issuedAt = time
        certificate.expiresAt = time.flatMap { start in
            duration.flatMap { CertificateDuration.end(of: $0, from: start) }
        }
        certificate.status = certificate.expiresAt.map { $0 < now } ?? false ? "expired" : "issued"
        return certificate
    }
}

extension MatrixMapping {
    private static let completionShape = RecordShape(
        key: [.nested("class", "id"), .nested("student", "id")],
        objects: [.init("class", path: "class.", known: classMembers)]
    )
    private static let awardShape = RecordShape(
        key: [.member("id")],
        ignored: ["description", "printable", "certificate_file_url"],
        rejectPayload: ["id", "duration"],
        path: "certificates[]."
    )

    /// Reads completions; those that cannot be told apart are rejected into `batch`.
    func completions(_ items: JSONValue, into batch: inout Batch<Certificate>) -> [MatrixCompletion] {
        var fields = MatrixLearnerFields(mapping: self)
        var users = EmbeddedUsers(mapping: self, path: "student.")
        return items.elements.compactMap { item in
            guard var completion = completion(item, into: &batch) else { return nil }
            if let student = item["student"] { users.note(student, in: &batch.driftLog) }
            completion.user = item["student"].flatMap { embeddedLearner($0, fields: &fields) }
            return completion
        }
    }

    private func completion(_ item: JSONValue, into batch: inout Batch<Certificate>) -> MatrixCompletion? {
        let shape = Self.completionShape
        guard item.kind == .object else {
            batch.reject(item, shape: shape, context: context, cause: .notAnObject)
            return nil
        }
        var reader = RecordReader(item, context: context)
        guard let classValue = reader.object("class"), let studentValue = reader.object("student") else {
            batch.reject(item, shape: shape, context: context, cause: .missingKey, field: "class or student")
            return nil
        }
        var course = RecordReader(classValue, context: context)
        var student = RecordReader(studentValue, context: context)
        var completion = MatrixCompletion(
            course: course.integerKey("id"),
            learner: student.integerKey("id"),
            awards: []
        )
        if let failure = course.failure ?? student.failure {
            batch.reject(item, shape: shape, context: context, cause: failure.cause, field: failure.field)
            return nil
        }
        completion.completedAt = time(&student, "completed_at")
        let percent = student.lenientNumber("percent")
        let score = percent.number?.token ?? percent.text
        reader.forEach(in: "certificates") { element in
            if let award = award(element, of: completion, score: score, into: &batch) {
                completion.awards.append(award)
            }
        }
        reader.note(in: &batch.driftLog, shape: shape)
        return completion
    }

    private func award(
        _ item: JSONValue,
        of completion: MatrixCompletion,
        score: String?,
        into batch: inout Batch<Certificate>
    ) -> MatrixAward? {
        let shape = Self.awardShape
        let walk = "\(completion.course)/\(completion.learner)"
        guard
            var reader = batch.reader(
                of: item,
                shape: shape,
                context: context,
                walk: walk
            )
        else { return nil }
        let design = reader.integerKey("id")
        let title = reader.htmlText("name")
        let duration = reader.text("duration", emptyIsNull: true)
        if let failure = reader.failure {
            batch.reject(
                item,
                shape: shape,
                context: context,
                walk: walk,
                cause: failure.cause,
                field: failure.field
            )
            return nil
        }
        reader.note(in: &batch.driftLog, shape: shape)
        // One row for a learner, class and design: a renewal moves its issue.
        let certificate = Certificate(
            learnerID: completion.learner,
            certificateID: ContentHash.identity(of: completion.course, completion.learner, design),
            courseID: completion.course,
            templateID: design,
            title: title,
            type: "certificate",
            score: score
        )
        return MatrixAward(certificate: certificate, duration: duration)
    }
}
