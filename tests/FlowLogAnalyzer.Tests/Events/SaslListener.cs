using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowLogAnalyzer.Tests.Events;

/// <summary>
/// A broker that answers up to the point where a client says who it is (Kafka protocol guide: ApiVersions, SaslHandshake,
/// SaslAuthenticate), keeps what was said, and refuses it.
/// </summary>
internal sealed class SaslListener : IDisposable
{
    private const int ApiVersions = 18;
    private const int Handshake = 17;
    private const int Authenticate = 36;
    private const short UnsupportedVersion = 35;
    private const short AuthenticationFailed = 58;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<string> _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SaslListener()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The client's words: zero, user, zero, password for PLAIN (RFC 4616).</summary>
    public Task<string> Said => _said.Task;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var size = new byte[4];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(size);
                var request = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
                await stream.ReadExactlyAsync(request);
                await stream.WriteAsync(Answer(request));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client left.
        }
    }

    private byte[] Answer(byte[] request)
    {
        var (api, version) = (BinaryPrimitives.ReadInt16BigEndian(request), BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(2)));
        var body = new List<byte>(request[4..8]); // the correlation id
        switch (api)
        {
            case ApiVersions:
                Int16(body, version == 0 ? (short)0 : UnsupportedVersion);
                Int32(body, 3);
                foreach (var (key, most) in new[] { (ApiVersions, 0), (Handshake, 1), (Authenticate, 0) })
                {
                    Int16(body, (short)key);
                    Int16(body, 0);
                    Int16(body, (short)most);
                }

                break;
            case Handshake:
                Int16(body, 0);
                Int32(body, 1);
                Text(body, "PLAIN");
                break;
            case Authenticate:
                var client = BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(8));
                _said.TrySetResult(Encoding.UTF8.GetString(request.AsSpan(10 + Math.Max((short)0, client) + 4)));
                Int16(body, AuthenticationFailed);
                Text(body, "Invalid key");
                Int32(body, 0);
                break;
        }

        var answer = new byte[4 + body.Count];
        BinaryPrimitives.WriteInt32BigEndian(answer, body.Count);
        body.CopyTo(answer, 4);
        return answer;
    }

    private static void Int16(List<byte> to, short value) => to.AddRange([(byte)(value >> 8), (byte)value]);

    private static void Int32(List<byte> to, int value) => to.AddRange([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static void Text(List<byte> to, string text)
    {
        Int16(to, (short)text.Length);
        to.AddRange(Encoding.UTF8.GetBytes(text));
    }
}
