using System.Text;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Forms;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi.Speech;

/// <summary><c>POST /v1/audio/transcriptions</c>: what is said in a recording, which comes as a file of a form.</summary>
internal sealed class TranscriptionsEndpoint(TaskCaller caller)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var failure = await AnswerAsync(context, caller.Now);
        if (failure is not null)
        {
            await OpenAiErrors.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> AnswerAsync(HttpContext context, long received)
    {
        if (!(await caller.ReadAsync(context)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            if (!MultipartForm.Read(context.Request.ContentType, body.WrittenMemory).TryGetValue(out var parts, out failure)
                || !TranscriptionForm.Read(parts).TryGetValue(out var form, out failure)
                || !caller.Find(form.Model, TaskNames.Speech).TryGetValue(out var model, out failure)
                || !(await caller.AskAsync(context, model.Name, RequestOf(form), received)).TryGetValue(out var reply, out failure))
            {
                return failure;
            }

            using (reply)
            {
                await SendAsync(context, reply, form);
            }
        }

        return null;
    }

    private static TaskRequest RequestOf(TranscriptionForm form)
    {
        var hasTimes = form.Format is not (TranscriptionFormat.Json or TranscriptionFormat.Text);
        var request = new TaskRequest
        {
            Outputs = hasTimes ? [TaskNames.Text, TaskNames.Duration, TaskNames.Word, TaskNames.Start, TaskNames.End, TaskNames.Count] : [TaskNames.Text, TaskNames.Duration],
        };
        return request.Add(TaskNames.Audio, [form.File]).With(TaskNames.Timestamps, hasTimes ? TaskNames.Word : "none");
    }

    private static Task SendAsync(HttpContext context, TaskReply reply, TranscriptionForm form)
    {
        var text = reply.Text(TaskNames.Text, 0);
        return form.Format switch
        {
            TranscriptionFormat.Json => JsonReply.SendAsync(context, json => TranscriptionJson.Write(json, text, reply.Floats(TaskNames.Duration)[0])),
            TranscriptionFormat.VerboseJson => JsonReply.SendAsync(context, json => TranscriptionJson.WriteVerbose(json, text, reply, form)),
            TranscriptionFormat.Text => SendTextAsync(context, "text/plain", text + "\n"),
            TranscriptionFormat.Srt => SendTextAsync(context, "text/plain", Subtitles.WriteSrt(Subtitles.Segments(SpokenWord.Read(reply, 0)))),
            _ => SendTextAsync(context, "text/vtt", Subtitles.WriteVtt(Subtitles.Segments(SpokenWord.Read(reply, 0)))),
        };
    }

    private static Task SendTextAsync(HttpContext context, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = type + "; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        return context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
