import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let certificateShape = RecordShape(
        key: [.nested("user", "id"), .member("id")],
        ignored: ["attempts", "short_url", "provider", "external_url", "form"],
        rejectPayload: ["id", "issued", "type", "status", "course_id", "expires_on"],
        objects: [userObject]
    )

    /// Reads one page of the certificates of a course or of a learner.
    ///
    /// `course` or `learner` is what was asked for; it stands in where a certificate does not name its own.
    func certificates(
        _ items: JSONValue,
        course: String? = nil,
        learner: String? = nil,
        into batch: inout Batch<Certificate>
    ) {
        let shape = Self.certificateShape
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context) else { continue }
            let id = reader.key("id")
            let title = reader.htmlText("title")
            let issuedAt = reader.timestampSeconds("issued", zeroIsNull: true)
            let type = reader.text("type")
            let status = reader.text("status")
            let score = reader.text("score", acceptsNumber: true)
            let expiresAt = reader.timestampSeconds("expires_on", window: .planned, zeroIsNull: true)
            let holder = reader.key("user", "id", else: learner)
            let named = reader.identifier("course_id")
            batch.append(
                Certificate(
                    learnerID: holder,
                    certificateID: id,
                    courseID: named ?? course,
                    title: title,
                    type: type,
                    issuedAt: issuedAt,
                    expiresAt: expiresAt,
                    score: score,
                    status: certificateStatus(status, expiresAt: expiresAt)
                ),
                from: reader,
                shape: shape
            )
        }
    }

    private func certificateStatus(_ status: String?, expiresAt: Timestamp?) -> String? {
        switch status {
        case "active": expiresAt.map { $0 < context.now } ?? false ? "expired" : "issued"
        case "deleted": "revoked"
        default: status
        }
    }
}
