/// What a learner answered, made up from the submission's number: the same each time, but for signed download links.
struct SubmittedAnswers {
    /// Who the answers are written for.
    enum Form {
        /// The API, with download links that change from call to call, and perhaps planted secrets.
        case served(at: Instant, secrets: Bool)
        /// The ground truth: what may be stored.
        case stored
    }

    private let submission: Submission

    init(_ submission: Submission) {
        self.submission = submission
    }

    /// Sum of the points; nil when no answer has any.
    var points: Int? { submission.grade < 0 ? nil : submission.grade >= 5000 ? 1 : 0 }

    /// Writes the members of the `answers` array.
    func write(to writer: ByteWriter, as form: Form) {
        let number = submission.number
        writer.raw("{\"blockId\":\"mc")
        writer.integer(Int64(truncatingIfNeeded: number % 1_000_000))
        writer.raw("_1\",\"blockType\":\"mc\",\"description\":\"Which extinguisher?\",\"answer\":")
        writer.raw(number % 2 == 0 ? "\"CO2\"" : "\"Water & foam\"")
        writer.raw(",\"points\":")
        if let points { writer.integer(points) } else { writer.raw("null") }
        writer.raw(",\"blockMaxScore\":1,\"answerData\":")
        // The vendor's documents disagree: null, array or object.
        writer.raw(number % 4 == 1 ? "{\"choice\":2}" : number % 4 == 2 ? "[]" : "null")
        writer.raw(",\"feedback\":null}")
        guard number % 8 == 0 else { return }
        writer.raw(",{\"blockId\":\"file_2\",\"blockType\":\"fileUpload\",\"description\":\"Upload your evidence\",")
        writer.raw("\"answer\":null,\"answerData\":[{\"name\":\"evidence.pdf\",\"size\":20480")
        if case .served(let now, let secrets) = form {
            writer.raw(",\"url\":\"https://files.example.org/evidence.pdf?Expires=")
            writer.integer(now.microseconds / 1_000_000 + 3600)
            writer.raw("&Signature=PLANTED-download-signature\"")
            if secrets { writer.raw(",\"access_token\":\"PLANTED-access-token\"") }
        }
        writer.raw("}]}")
    }
}
