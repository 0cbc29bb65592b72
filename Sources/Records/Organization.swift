/// A department, customer or school that learners belong to.
///
/// What each property means stands in `columns`.
package struct Organization: Record {
    package var organizationID: String
    package var name: String?
    package var description: String?
    package var isInternal: Bool?
    package var absentColumns: ColumnSet = []

    /// Makes an organization; what is not given is null.
    package init(
        organizationID: String,
        name: String? = nil,
        description: String? = nil,
        isInternal: Bool? = nil
    ) {
        self.organizationID = organizationID
        self.name = name
        self.description = description
        self.isInternal = isInternal
    }

    package static let table = Table(
        "organizations",
        of: Self.self,
        "A department, company or school that learners belong to. OneRoster: org; CEDS: Organization; IMS LIS: group."
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "organization_id",
            \.organizationID,
            "The platform's id of the organization. OneRoster: org.sourcedId; CEDS: Organization Identifier."
        ),
        RecordColumn("name", \.name, "Name, HTML entities decoded. OneRoster: org.name; CEDS: Name of Institution."),
        RecordColumn(
            "description",
            \.description,
            "Description as the platform gives it. No standard term; IMS LIS: group.description."
        ),
        RecordColumn(
            "internal",
            \.isInternal,
            "Whether it is part of the school itself and not a customer. No standard term."
        ),
    ]
}
