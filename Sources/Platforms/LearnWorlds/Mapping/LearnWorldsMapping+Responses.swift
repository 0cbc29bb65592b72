import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let responseShape = RecordShape(
        key: [.member("user_id"), .member("id")],
        ignored: ["email", "created", "modified", "generalFeedback"],
        rejectPayload: ["id", "user_id", "grade", "passed", "submittedTimestamp"]
    )

    /// Reads one page of the responses to an assessment.
    ///
    /// `course` is the one the unit belongs to, as far as the walk knows it.
    func responses(
        _ items: JSONValue,
        unit: String,
        course: String?,
        into batch: inout Batch<AssessmentResponse>
    ) {
        let shape = Self.responseShape
        var filter = freeFormFilter(links: .dropped)
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context, walk: unit) else { continue }
            let id = reader.key("id")
            let learner = reader.key("user_id")
            let percent = reader.numeric("grade")
            let passed = reader.boolean("passed")
            let submittedAt = reader.decisiveSeconds("submittedTimestamp")
            let answers = reader.array("answers")
            let answersText = answers.flatMap { self.answers($0, of: item, filter: &filter) }
            batch.append(
                AssessmentResponse(
                    learnerID: learner,
                    responseID: id,
                    assessmentID: unit,
                    courseID: course,
                    submittedAt: submittedAt,
                    score: answers.flatMap(sumOfPoints),
                    percent: percent,
                    passed: passed,
                    answers: answersText
                ),
                from: reader,
                shape: shape,
                walk: unit
            )
        }
    }

    private func answers(_ answers: JSONValue, of item: JSONValue, filter: inout JSONFilter) -> JSONText? {
        guard hidesPersons else { return filter.text(of: answers) }
        // A free answer may spell what is pseudonymised elsewhere; only a choice among given ones cannot.
        filter.forbiddenTexts = item["email"]?.string.map { [$0.lowercased()] } ?? []
        var output: [UInt8] = [UInt8(ascii: "[")]
        for answer in answers.elements where answer.kind == .object {
            let isChoice = answer["blockType"]?.string.map { Self.choiceBlocks.contains($0.lowercased()) } ?? false
            var builder = JSONObjectBuilder()
            for (key, value) in answer.members where isChoice || !key.bytes.starts(with: "answer".utf8) {
                filter.add(key.bytes, value, to: &builder)
            }
            if output.count > 1 { output.append(UInt8(ascii: ",")) }
            builder.write(into: &output)
        }
        output.append(UInt8(ascii: "]"))
        return JSONText(String(decoding: output, as: UTF8.self))
    }

    /// Kinds of blocks whose answer is a choice among given ones (assumed; the vendor lists none).
    private static let choiceBlocks: Set<String> = ["mc", "mcma", "tmc", "tmcma", "tf", "match", "order", "scale"]

    /// The points of all answers together; `nil` where no answer has any.
    private func sumOfPoints(_ answers: JSONValue) -> Numeric? {
        var sum: Numeric?
        for answer in answers.elements {
            guard let token = answer["points"]?.numberToken, let points = Numeric(token: token) else { continue }
            sum = sum.map { $0.adding(points) } ?? points
        }
        return sum
    }
}
