import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let courseShape = RecordShape(
        key: [.member("id")],
        ignored: ["afterPurchase", "author", "courseImage", "original_price", "discount_price", "dripFeed"],
        rejectPayload: ["id", "title", "access", "created", "modified"],
        objects: [
            .init(
                "identifiers",
                path: "identifiers.",
                known: ["google_store_id", "apple_store_id", "slug"]
            )
        ]
    )

    /// Reads the courses of one page.
    func courses(_ items: JSONValue, into batch: inout Batch<Course>) {
        // What a school calls its categories and labels are names: entities are decoded in them too.
        var filter = JSONFilter(screen: context.screen, decodesEntities: true)
        for item in items.elements { course(item, filter: &filter, into: &batch) }
    }

    /// Reads one course.
    func course(_ item: JSONValue, into batch: inout Batch<Course>) {
        var filter = JSONFilter(screen: context.screen, decodesEntities: true)
        course(item, filter: &filter, into: &batch)
    }

    private func course(_ item: JSONValue, filter: inout JSONFilter, into batch: inout Batch<Course>) {
        let shape = Self.courseShape
        guard var reader = batch.reader(of: item, shape: shape, context: context) else { return }
        let id = reader.key("id")
        let title = reader.htmlText("title")
        var fields = JSONObjectBuilder()
        for name: StaticString in ["expires", "expiresType", "categories", "label", "final_price", "access"] {
            guard let value = reader.value(name), !value.isNull else { continue }
            fields.add(name) { filter.write(value, into: &$0) }
        }
        let category = reader.value("categories").flatMap(firstText)
        let description = reader.text("description")
        let slug = reader.identifier("identifiers", "slug")
        let access = reader.text("access")
        let created = reader.timestampSeconds("created")
        let modified = reader.timestampSeconds("modified")
        batch.append(
            Course(
                courseID: id,
                title: title,
                code: slug ?? id,
                description: description,
                status: Self.courseStatus(access),
                category: category,
                createdAt: created,
                modifiedAt: modified,
                customFields: fields.isEmpty ? nil : fields.text
            ),
            from: reader,
            shape: shape
        )
    }

    private static func courseStatus(_ access: String?) -> String? {
        switch access {
        case "paid", "free", "enrollment_closed": "active"
        case "coming_soon": "unavailable"
        default: access
        }
    }

    private func firstText(of categories: JSONValue) -> String? {
        for element in categories.elements {
            guard let text = element.string, !context.screen.condemns(text) else { return nil }
            return HTMLEntities.decoded(text)
        }
        return nil
    }
}
