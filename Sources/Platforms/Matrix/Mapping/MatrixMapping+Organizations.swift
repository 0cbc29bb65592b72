import JSON
import Records
import Transformer

extension MatrixMapping {
    private static let organizationShape = RecordShape(key: [.member("id")], rejectPayload: ["id", "name", "internal"])

    private static let organizationSources: [ColumnSource<Organization>] = [
        ColumnSource("name", \.name, "name"), ColumnSource("description", \.description, "description"),
        ColumnSource("internal", \.isInternal, "internal"),
    ]

    /// Reads the organizations of one page.
    func organizations(_ items: JSONValue, into batch: inout Batch<Organization>) {
        let shape = Self.organizationShape
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context) else {
                continue
            }
            var organization = Organization(organizationID: reader.integerKey("id"))
            organization.name = reader.htmlText("name")
            organization.description = reader.text("description")
            organization.isInternal = reader.boolean("internal")
            organization.absentColumns = reader.absentColumns(of: organization, from: Self.organizationSources)
            batch.append(organization, from: reader, shape: shape)
        }
    }
}
