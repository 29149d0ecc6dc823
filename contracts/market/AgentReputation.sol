// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IAgentReputation} from "./interfaces/IAgentReputation.sol";
import {IERC8004Identity} from "./interfaces/IERC8004Identity.sol";
import {IERC8004Reputation} from "./interfaces/IERC8004Reputation.sol";
import {IJobFacts} from "./interfaces/IJobFacts.sol";
import {Entry, Feedback, Place, Responses, Tally} from "./types/Feedback.sol";
import {JobId} from "./types/JobId.sol";

/// @title Agent reputation: feedback of ERC-8004 that names the job it is for
/// @dev Invariant F-1: every entry is for settled work, by a party to it who may not act for the agent; a side of a job gives
/// one, ever.
/// @dev Invariant F-2: an agent's tally = sums over its entries between 0 and 100 that were not taken back.
///
/// The market is asked when feedback is given; nothing is pushed at completion, which costs the same with and without.
/// `summaryOf` reads one slot. The standard's lists and averages grow with the entries and are for readers off chain alone:
/// no contract of the suite calls them. What is deliberately not checked: that a client and an agent are not one person. It
/// costs the fee of a settled job to write, and moves the tally by no more than its price.
contract AgentReputation is IAgentReputation, AccessManagedUpgradeable, UUPSUpgradeable {
    using BitMaps for BitMaps.BitMap;
    using Strings for string;
    using Strings for uint256;

    int128 private constant MAX_VALUE = 1e38;
    uint8 private constant MAX_DECIMALS = 18;
    uint256 private constant MAX_TAG_LENGTH = 64;
    uint256 private constant MAX_ENDPOINT_LENGTH = 256;
    uint256 private constant MAX_URI_LENGTH = 2048;
    uint256 private constant FULL_RATING = 100;
    uint256 private constant RATING_UNIT = 100; // two decimals

    /// @custom:storage-location erc7201:cipherocto.storage.AgentReputation
    struct AgentReputationStorage {
        mapping(bool byProvider => BitMaps.BitMap jobs) reviewed;
        mapping(uint256 agentId => Tally tally) tallies;
        mapping(uint256 agentId => address[] clients) clients;
        mapping(uint256 agentId => mapping(address client => uint64 index)) lastIndexes;
        mapping(uint256 agentId => mapping(address client => mapping(uint64 index => Feedback feedback))) feedback;
        mapping(uint256 agentId => mapping(address client => mapping(uint64 index => Responses responses))) responses;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.AgentReputation")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x5177b33f421d4f147dca607fd70519253215ca65a6a5a19e0222858546aab400;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC8004Identity private immutable IDENTITY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IJobFacts private immutable MARKET;

    /// @param identity The agent registry.
    /// @param market The job market.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC8004Identity identity, IJobFacts market) {
        IDENTITY = identity;
        MARKET = market;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    // Feedback

    /// @inheritdoc IERC8004Reputation
    /// @dev The second tag names the job, so that a client who knows the standard alone can name it.
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external {
        // Bounded before it is read as a number, so that it cannot overflow.
        _requireTag(tag2);
        JobId jobId = _jobNamedBy(tag2);
        _give(jobId, agentId, value, valueDecimals, tag1, tag2, true, endpoint, feedbackURI, feedbackHash);
    }

    /// @inheritdoc IAgentReputation
    function giveJobFeedback(
        JobId jobId,
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external {
        _give(jobId, agentId, value, valueDecimals, tag1, tag2, false, endpoint, feedbackURI, feedbackHash);
    }

    /// @inheritdoc IERC8004Reputation
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external {
        Entry storage entry = _feedbackOf(agentId, msg.sender, feedbackIndex).entry;
        require(!entry.revoked, AgentReputationAlreadyRevoked(agentId, msg.sender, feedbackIndex));

        entry.revoked = true;
        _subtract(agentId, entry);
        emit FeedbackRevoked(agentId, msg.sender, feedbackIndex);
    }

    /// @inheritdoc IERC8004Reputation
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external {
        _feedbackOf(agentId, clientAddress, feedbackIndex);
        require(bytes(responseURI).length != 0, AgentReputationEmptyResponse());
        _requireURI(responseURI);

        Responses storage responses = _storage().responses[agentId][clientAddress][feedbackIndex];
        ++responses.count;
        ++responses.by[msg.sender];
        emit ResponseAppended(agentId, clientAddress, feedbackIndex, msg.sender, responseURI, responseHash);
    }

    // What a contract reads

    /// @inheritdoc IAgentReputation
    function summaryOf(uint256 agentId) external view returns (uint256 count, uint256 paid, uint256 averageRating) {
        Tally memory tally = _storage().tallies[agentId];
        count = tally.count;
        paid = uint256(tally.weight) * 1 gwei;
        averageRating = tally.weight == 0 ? 0 : tally.points / tally.weight; // down
    }

    /// @inheritdoc IAgentReputation
    function jobOf(uint256 agentId, address clientAddress, uint64 feedbackIndex) external view returns (JobId) {
        return JobId.wrap(_feedbackOf(agentId, clientAddress, feedbackIndex).entry.jobId);
    }

    /// @inheritdoc IAgentReputation
    function isReviewed(JobId jobId, bool byProvider) external view returns (bool) {
        return _storage().reviewed[byProvider].get(JobId.unwrap(jobId));
    }

    /// @inheritdoc IAgentReputation
    function jobMarket() external view returns (address) {
        return address(MARKET);
    }

    // What readers off chain read

    /// @inheritdoc IERC8004Reputation
    function getIdentityRegistry() external view returns (address identityRegistry) {
        return address(IDENTITY);
    }

    /// @inheritdoc IERC8004Reputation
    /// @dev The average of all values brought to 18 decimals, then cut to the decimals that most of them have: of equally
    /// frequent ones the fewest, and fewer still where it would be greater than any value. Rounds towards zero.
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals) {
        require(clientAddresses.length != 0, AgentReputationNoClients());
        (Place[] memory places, uint256 found) = _find(agentId, clientAddresses, tag1, tag2, false);
        if (found == 0) return (0, 0, 0);

        int256 sum = 0;
        uint256[] memory frequencies = new uint256[](MAX_DECIMALS + 1);
        for (uint256 i = 0; i < found; ++i) {
            Entry storage entry = _at(agentId, places[i]).entry;
            sum += entry.value * _powerOfTen(MAX_DECIMALS - entry.decimals);
            ++frequencies[entry.decimals];
        }
        count = uint64(found); // no more than the indexes, which have 64 bits
        (summaryValue, summaryValueDecimals) = _fitted(sum / int256(found), _mostFrequent(frequencies));
    }

    /// @inheritdoc IERC8004Reputation
    function readFeedback(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex
    )
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked)
    {
        Feedback storage feedback = _feedbackOf(agentId, clientAddress, feedbackIndex);
        Entry memory entry = feedback.entry;
        return (entry.value, entry.decimals, feedback.tag1, _tag2Of(feedback), entry.revoked);
    }

    /// @inheritdoc IERC8004Reputation
    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        )
    {
        clients = clientAddresses;
        if (clients.length == 0) clients = _storage().clients[agentId];
        (Place[] memory places, uint256 found) = _find(agentId, clients, tag1, tag2, includeRevoked);
        clients = new address[](found);
        feedbackIndexes = new uint64[](found);
        values = new int128[](found);
        valueDecimals = new uint8[](found);
        tag1s = new string[](found);
        tag2s = new string[](found);
        revokedStatuses = new bool[](found);
        for (uint256 i = 0; i < found; ++i) {
            Feedback storage feedback = _at(agentId, places[i]);
            clients[i] = places[i].client;
            feedbackIndexes[i] = places[i].index;
            values[i] = feedback.entry.value;
            valueDecimals[i] = feedback.entry.decimals;
            tag1s[i] = feedback.tag1;
            tag2s[i] = _tag2Of(feedback);
            revokedStatuses[i] = feedback.entry.revoked;
        }
    }

    /// @inheritdoc IERC8004Reputation
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count) {
        if (clientAddress != address(0)) return _responsesTo(agentId, clientAddress, feedbackIndex, responders);

        address[] memory clients = _storage().clients[agentId];
        for (uint256 i = 0; i < clients.length; ++i) count += _responsesTo(agentId, clients[i], 0, responders);
    }

    /// @inheritdoc IERC8004Reputation
    function getClients(uint256 agentId) external view returns (address[] memory) {
        return _storage().clients[agentId];
    }

    /// @inheritdoc IERC8004Reputation
    function getLastIndex(uint256 agentId, address clientAddress) public view returns (uint64) {
        return _storage().lastIndexes[agentId][clientAddress];
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @param tag2IsJob Whether the second tag is the job's number.
    function _give(
        JobId jobId,
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        bool tag2IsJob,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) private {
        _requireTexts(tag1, tag2, endpoint, feedbackURI);
        Entry memory entry = _review(jobId, agentId, value, valueDecimals);
        entry.tag2IsJob = tag2IsJob;
        uint64 index = _append(agentId, entry, tag1, tag2);

        emit JobReviewed(jobId, agentId, msg.sender, index, entry.weight);
        emit NewFeedback(
            agentId,
            msg.sender,
            index,
            value,
            valueDecimals,
            tag1,
            tag1,
            tag2,
            endpoint,
            feedbackURI,
            feedbackHash
        );
    }

    // The gate

    /// @dev Marks the caller's side of the job, and counts its value; the entry without its tags.
    function _review(JobId jobId, uint256 agentId, int128 value, uint8 decimals) private returns (Entry memory entry) {
        require(decimals <= MAX_DECIMALS, AgentReputationTooManyDecimals(decimals, MAX_DECIMALS));
        require(-MAX_VALUE <= value && value <= MAX_VALUE, AgentReputationValueOutOfBounds(value, MAX_VALUE));
        (uint256 settled, bool byProvider) = _requireParty(jobId, agentId);
        BitMaps.BitMap storage reviewed = _storage().reviewed[byProvider];
        require(!reviewed.get(JobId.unwrap(jobId)), AgentReputationAlreadyReviewed(jobId, msg.sender));

        reviewed.set(JobId.unwrap(jobId));
        entry.value = value;
        entry.decimals = decimals;
        entry.jobId = uint40(JobId.unwrap(jobId)); // the market counts its jobs from 1
        if (_isRating(value, decimals)) _add(agentId, entry, settled);
    }

    /// @return settled What was settled for the job, in wei of OCTO.
    /// @return byProvider Whether the caller is its provider; else he is its client.
    function _requireParty(JobId jobId, uint256 agentId) private view returns (uint256 settled, bool byProvider) {
        address client;
        address provider;
        uint256 hired;
        (client, provider, hired, settled) = MARKET.settledOf(jobId);
        require(settled != 0, AgentReputationNothingSettled(jobId));
        byProvider = msg.sender == provider;
        require(byProvider || msg.sender == client, AgentReputationCallerNotParty(jobId, msg.sender));

        if (byProvider) _requireWallet(agentId, client);
        else if (hired == 0) _requireWallet(agentId, provider);
        else require(agentId == hired, AgentReputationOtherAgentHired(jobId, agentId, hired));
        require(!IDENTITY.isAuthorizedOrOwner(msg.sender, agentId), AgentReputationOwnAgent(agentId, msg.sender));
    }

    function _requireWallet(uint256 agentId, address party) private view {
        address wallet = IDENTITY.getAgentWallet(agentId);
        require(wallet == party, AgentReputationWalletNotParty(agentId, wallet, party));
    }

    // Entries

    function _append(
        uint256 agentId,
        Entry memory entry,
        string calldata tag1,
        string calldata tag2
    ) private returns (uint64 index) {
        AgentReputationStorage storage $ = _storage();
        index = ++$.lastIndexes[agentId][msg.sender];
        if (index == 1) $.clients[agentId].push(msg.sender);

        Feedback storage feedback = $.feedback[agentId][msg.sender][index];
        feedback.entry = entry;
        if (bytes(tag1).length != 0) feedback.tag1 = tag1;
        if (bytes(tag2).length != 0 && !entry.tag2IsJob) feedback.tag2 = tag2;
    }

    /// @dev Weighs what the job is worth, in gwei; one that is worth less weighs nothing and does not count.
    function _add(uint256 agentId, Entry memory entry, uint256 settled) private {
        uint64 weight = uint64(Math.min(settled / 1 gwei, type(uint64).max));
        if (weight == 0) return;

        entry.weight = weight;
        Tally memory tally = _storage().tallies[agentId];
        ++tally.count;
        tally.weight += weight;
        tally.points += _pointsOf(entry);
        _storage().tallies[agentId] = tally;
    }

    /// @dev Exactly what was added; nothing if nothing was.
    function _subtract(uint256 agentId, Entry memory entry) private {
        if (entry.weight == 0) return;

        Tally memory tally = _storage().tallies[agentId];
        --tally.count;
        tally.weight -= entry.weight;
        tally.points -= _pointsOf(entry);
        _storage().tallies[agentId] = tally;
    }

    function _feedbackOf(uint256 agentId, address client, uint64 index) private view returns (Feedback storage) {
        uint64 last = getLastIndex(agentId, client);
        require(index != 0 && index <= last, AgentReputationUnknownFeedback(agentId, client, index, last));

        return _storage().feedback[agentId][client][index];
    }

    function _at(uint256 agentId, Place memory place) private view returns (Feedback storage) {
        return _storage().feedback[agentId][place.client][place.index];
    }

    function _tag2Of(Feedback storage feedback) private view returns (string memory) {
        return feedback.entry.tag2IsJob ? uint256(feedback.entry.jobId).toString() : feedback.tag2;
    }

    /// @dev The entries that suit, by client and number; `places` may be longer than `found`.
    function _find(
        uint256 agentId,
        address[] memory clients,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    ) private view returns (Place[] memory places, uint256 found) {
        uint256 most = 0;
        for (uint256 i = 0; i < clients.length; ++i) most += getLastIndex(agentId, clients[i]);

        places = new Place[](most);
        for (uint256 i = 0; i < clients.length; ++i) {
            uint64 last = getLastIndex(agentId, clients[i]);
            for (uint64 index = 1; index <= last; ++index) {
                Place memory place = Place({client: clients[i], index: index});
                if (_suits(_at(agentId, place), tag1, tag2, includeRevoked)) places[found++] = place;
            }
        }
    }

    function _suits(
        Feedback storage feedback,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    ) private view returns (bool) {
        if (feedback.entry.revoked && !includeRevoked) return false;
        if (bytes(tag1).length != 0 && !tag1.equal(feedback.tag1)) return false;

        return bytes(tag2).length == 0 || tag2.equal(_tag2Of(feedback));
    }

    /// @param index The entry; 0 for all of the client's.
    function _responsesTo(
        uint256 agentId,
        address client,
        uint64 index,
        address[] calldata responders
    ) private view returns (uint64 count) {
        uint64 first = index == 0 ? 1 : index;
        uint64 last = index == 0 ? getLastIndex(agentId, client) : index;
        for (uint64 number = first; number <= last; ++number) {
            Responses storage responses = _storage().responses[agentId][client][number];
            if (responders.length == 0) count += responses.count;
            for (uint256 i = 0; i < responders.length; ++i) count += responses.by[responders[i]];
        }
    }

    /// @dev Digits only, without leading zeros: what is read back is what was given.
    function _jobNamedBy(string calldata tag2) private pure returns (JobId) {
        (bool parsed, uint256 jobId) = tag2.tryParseUint();
        require(parsed && jobId != 0 && bytes(tag2)[0] != "0", AgentReputationNoJobNamed(tag2));

        return JobId.wrap(jobId);
    }

    function _isRating(int128 value, uint8 decimals) private pure returns (bool) {
        return value >= 0 && value <= int256(FULL_RATING) * _powerOfTen(decimals);
    }

    /// @dev Weight times rating, the rating with two decimals and rounded down: below 2^78.
    function _pointsOf(Entry memory entry) private pure returns (uint112) {
        uint256 rating = (SignedMath.abs(entry.value) * RATING_UNIT) / uint256(_powerOfTen(entry.decimals));
        return uint112(entry.weight * rating);
    }

    /// @dev With fewer decimals where it would be greater than any value. Without any it fits, as every value did.
    function _fitted(int256 average, uint8 wanted) private pure returns (int128 value, uint8 decimals) {
        decimals = wanted;
        while (SignedMath.abs(average / _powerOfTen(MAX_DECIMALS - decimals)) > uint128(MAX_VALUE)) --decimals;
        value = int128(average / _powerOfTen(MAX_DECIMALS - decimals));
    }

    function _mostFrequent(uint256[] memory frequencies) private pure returns (uint8 decimals) {
        for (uint8 i = 1; i <= MAX_DECIMALS; ++i) {
            if (frequencies[i] > frequencies[decimals]) decimals = i;
        }
    }

    function _powerOfTen(uint256 exponent) private pure returns (int256) {
        return int256(10 ** exponent); // at most 1e18
    }

    function _requireTexts(
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI
    ) private pure {
        _requireTag(tag1);
        _requireTag(tag2);
        uint256 length = bytes(endpoint).length;
        require(length <= MAX_ENDPOINT_LENGTH, AgentReputationEndpointTooLong(length, MAX_ENDPOINT_LENGTH));
        _requireURI(feedbackURI);
    }

    function _requireTag(string calldata tag) private pure {
        uint256 length = bytes(tag).length;
        require(length <= MAX_TAG_LENGTH, AgentReputationTagTooLong(length, MAX_TAG_LENGTH));
    }

    function _requireURI(string calldata uri) private pure {
        uint256 length = bytes(uri).length;
        require(length <= MAX_URI_LENGTH, AgentReputationURITooLong(length, MAX_URI_LENGTH));
    }

    function _storage() private pure returns (AgentReputationStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
