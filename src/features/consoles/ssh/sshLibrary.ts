// @microsoft/dev-tunnels-ssh by its files, as its index wants Node's streams. Its modules import each
// other in circles, which work when this one is the first; so nothing else imports them.
export { SshAlgorithms } from '@microsoft/dev-tunnels-ssh/algorithms/sshAlgorithms';
export { KeyExchangeAlgorithm } from '@microsoft/dev-tunnels-ssh/algorithms/keyExchangeAlgorithm';
export {
  type KeyPair,
  PublicKeyAlgorithm,
} from '@microsoft/dev-tunnels-ssh/algorithms/publicKeyAlgorithm';
export { JsonWebKeyFormatter } from '@microsoft/dev-tunnels-ssh/algorithms/web/jsonWebKeyFormatter';
export {
  type SshAuthenticatingEventArgs,
  SshAuthenticationType,
} from '@microsoft/dev-tunnels-ssh/events/sshAuthenticatingEventArgs';
export { SshDataReader, SshDataWriter } from '@microsoft/dev-tunnels-ssh/io/sshData';
export { AuthenticationInfoResponseMessage } from '@microsoft/dev-tunnels-ssh/messages/authenticationMessages';
export { ChannelRequestMessage } from '@microsoft/dev-tunnels-ssh/messages/connectionMessages';
export { SshClientSession } from '@microsoft/dev-tunnels-ssh/sshClientSession';
export { SshSessionConfiguration } from '@microsoft/dev-tunnels-ssh/sshSessionConfiguration';
export { WebSocketStream } from '@microsoft/dev-tunnels-ssh/streams';
