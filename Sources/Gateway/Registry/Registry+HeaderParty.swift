import Envelope

extension Registry {
    /// A party as the header of a message names it. The HER-id is what everyone knows; a partner that goes by organisation
    /// numbers gets those first.
    ///
    /// - Parameter role: what the kind of message gives; the agreement's own counts before it.
    func headerParty(_ id: HERID, under agreement: Agreement, role: String?) throws(RegistryError) -> Party {
        var ids = [PartyID.her(id.value)]
        if agreement.partyIDType != "HER" {
            ids.insert(PartyID(type: agreement.partyIDType, value: try party(id).organisationNumber), at: 0)
        }
        return Party(ids: ids, role: agreement.roles[id] ?? role)
    }
}
