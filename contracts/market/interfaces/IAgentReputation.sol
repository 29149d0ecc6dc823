// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobId} from "../types/JobId.sol";
import {IERC8004Reputation} from "./IERC8004Reputation.sol";

/// @title Agent reputation
/// @notice ERC-8004 feedback that only a party to settled work can give, once for each job and side, and a summary of it
/// that a contract can read, weighted by what was paid.
interface IAgentReputation is IERC8004Reputation {
    /// @notice A party to a job gave its feedback; stands next to the standard's event.
    /// @param jobId The job.
    /// @param agentId The agent.
    /// @param reviewer Who gave it.
    /// @param feedbackIndex Its number.
    /// @param weight With what weight it enters the summary, in gwei of OCTO; 0 if it does not.
    event JobReviewed(
        JobId indexed jobId,
        uint256 indexed agentId,
        address indexed reviewer,
        uint64 feedbackIndex,
        uint64 weight
    );

    /// @notice The second tag names no job: it must be the job's number in decimal digits, without leading zeros.
    /// @param tag2 What was given.
    error AgentReputationNoJobNamed(string tag2);

    /// @notice Nothing was settled for the job, or there is no such job.
    /// @param jobId The job.
    error AgentReputationNothingSettled(JobId jobId);

    /// @notice Only the client and the provider of a job say something about it.
    /// @param jobId The job.
    /// @param caller Who tried.
    error AgentReputationCallerNotParty(JobId jobId, address caller);

    /// @notice Another agent was hired for the job.
    /// @param jobId The job.
    /// @param agentId Who was named.
    /// @param hired Who was hired.
    error AgentReputationOtherAgentHired(JobId jobId, uint256 agentId, uint256 hired);

    /// @notice The other party to the job is not the agent's wallet.
    /// @param agentId The agent.
    /// @param wallet Its wallet now.
    /// @param party The other party.
    error AgentReputationWalletNotParty(uint256 agentId, address wallet, address party);

    /// @notice Nobody reviews an agent that he owns or may act for.
    /// @param agentId The agent.
    /// @param caller Who tried.
    error AgentReputationOwnAgent(uint256 agentId, address caller);

    /// @notice This side of the job has given its feedback, whether it took it back or not.
    /// @param jobId The job.
    /// @param caller Who tried.
    error AgentReputationAlreadyReviewed(JobId jobId, address caller);

    /// @notice A value has at most 18 decimals.
    /// @param valueDecimals What was given.
    /// @param limit The most.
    error AgentReputationTooManyDecimals(uint8 valueDecimals, uint8 limit);

    /// @notice A value is too large, or too small below zero.
    /// @param value What was given.
    /// @param limit The most it may be, with either sign.
    error AgentReputationValueOutOfBounds(int128 value, int128 limit);

    /// @notice A tag is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentReputationTagTooLong(uint256 length, uint256 limit);

    /// @notice An endpoint is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentReputationEndpointTooLong(uint256 length, uint256 limit);

    /// @notice A URI is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentReputationURITooLong(uint256 length, uint256 limit);

    /// @notice A response needs a URI: what it says is nowhere else.
    error AgentReputationEmptyResponse();

    /// @notice There is no such feedback.
    /// @param agentId The agent.
    /// @param clientAddress The client.
    /// @param feedbackIndex The number, which counts from 1.
    /// @param lastIndex The number of his last feedback.
    error AgentReputationUnknownFeedback(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        uint64 lastIndex
    );

    /// @notice The feedback was taken back before.
    /// @param agentId The agent.
    /// @param clientAddress The client.
    /// @param feedbackIndex The number.
    error AgentReputationAlreadyRevoked(uint256 agentId, address clientAddress, uint64 feedbackIndex);

    /// @notice A summary names the clients it trusts: anybody can make clients.
    error AgentReputationNoClients();

    /// @notice Gives feedback about an agent for a job, both tags free. The job's client reviews the agent that was hired, or,
    /// if none was named, one whose wallet the provider is; the job's provider reviews one whose wallet the client is.
    /// @dev `giveFeedback` does the same for the job that its second tag names.
    /// @param jobId The job, for which something was settled.
    /// @param agentId The agent.
    /// @param value The value, with `valueDecimals` decimals.
    /// @param valueDecimals 0 to 18.
    /// @param tag1 A tag.
    /// @param tag2 Another tag.
    /// @param endpoint Where the agent was reached; emitted, not kept.
    /// @param feedbackURI Where more is said; emitted, not kept.
    /// @param feedbackHash The hash of what is said there; emitted, not kept.
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
    ) external;

    /// @notice What was said of an agent, weighted by what was settled for the work: the same cost however much was said.
    /// @dev Counts feedback whose value lies between 0 and 100. Any other is kept and read as the standard has it, but does
    /// not enter; what was taken back does not either.
    /// @param agentId The agent.
    /// @return count How many entries count.
    /// @return paid What was settled for their jobs, in wei of OCTO, each rounded down to gwei.
    /// @return averageRating Their average by weight, 0 to 100 with two decimals (10000 is the best), rounded down; 0 if
    /// nothing was paid.
    function summaryOf(uint256 agentId) external view returns (uint256 count, uint256 paid, uint256 averageRating);

    /// @notice For which job an entry of feedback was given.
    /// @param agentId The agent.
    /// @param clientAddress Who gave it.
    /// @param feedbackIndex Its number.
    /// @return The job.
    function jobOf(uint256 agentId, address clientAddress, uint64 feedbackIndex) external view returns (JobId);

    /// @notice Whether a side of a job has given its feedback.
    /// @param jobId The job.
    /// @param byProvider Whether the provider's side is asked for, or else the client's.
    /// @return True if it has, even if it took it back.
    function isReviewed(JobId jobId, bool byProvider) external view returns (bool);

    /// @notice The market that is asked about jobs.
    /// @return Its address.
    function jobMarket() external view returns (address);
}
