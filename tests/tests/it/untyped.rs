//! Endpoints without a type in this library, written by a shop, against stubs.

use http::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wechatpay_core::{
    api::{
        Endpoint, RequestPart, Response,
        bills::{BillFile, DownloadUrl},
        media::UploadedMedia,
    },
    testing::FakePlatform,
    types::{Fen, Sensitive},
    verify::{Verified, Verifier},
};
use wechatpay_sandbox::{Fault, Sandbox, StubResponse};
use wechatpay_tests::tools::scratch;
use wechatpay_tower::{
    Client,
    client::Outcome,
    download::DownloadError,
    hyper::HyperTransport,
    media::{MediaFile, Upload},
};

/// The older transfers, in batches, which neither the types nor the sandbox know.
const BATCHES: &str = "/v3/transfer/batches";
/// The first name in a batch.
const NAME: &str = "transfer_detail_list/0/user_name";
const IMAGE: &str = "/v3/merchant-service/images/{media_id}";

/// Transfers in one batch (发起商家转账).
#[derive(Clone, Endpoint)]
#[endpoint(
    POST, "/v3/transfer/batches",
    response = Batch, idempotency = ByNumber, echo(out_batch_no), accepted
)]
struct CreateBatch {
    out_batch_no: String,
    total_amount: Fen,
    transfer_detail_list: Vec<Detail>,
}

/// One transfer of a batch.
#[derive(Clone, RequestPart)]
struct Detail {
    out_detail_no: String,
    transfer_amount: Fen,
    user_name: Sensitive,
}

/// The response to a batch.
#[derive(Response)]
struct Batch {
    out_batch_no: String,
    batch_status: String,
}

fn batch() -> CreateBatch {
    let detail = Detail::new("x23zy545Bd5436".into(), Fen::from(400), Sensitive::plain("张三"));
    CreateBatch::new("plfk2020042013".into(), Fen::from(400), vec![detail])
}

/// A sandbox, and the client of its demo merchant.
pub(crate) async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .start()
        .await
        .unwrap();
    let platform = FakePlatform::new().clock(sandbox.core_clock());
    let client = Client::builder(platform.request_signer())
        .base_url(sandbox.base_url())
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()).clock(sandbox.core_clock()),
        )
        .unwrap();
    (sandbox, client)
}

#[tokio::test]
async fn a_batch_is_repeated_under_its_number_and_keeps_its_secret() {
    let (sandbox, client) = start().await;
    let error = client.call(&batch()).await.err().unwrap();
    let text = error.to_string();
    assert!(
        text.contains("501 SANDBOX_NOT_EMULATED") && text.contains("Sandbox::stub"),
        "{text}"
    );

    let stub = sandbox
        .stub(Method::POST, BATCHES)
        .sensitive("transfer_detail_list/*/user_name")
        .respond_with(|request| {
            StubResponse::json(
                202,
                json!({ "out_batch_no": request.json()["out_batch_no"], "batch_status": "ACCEPTED" }),
            )
        })
        .unwrap();
    // Done, and the client hears of an error: it asks again under the same number.
    sandbox.fault(Fault::AcceptedBut(500).on("POST /v3/transfer/batches"));
    let accepted = client.call(&batch()).await.unwrap();
    assert_eq!(accepted.batch_status, "ACCEPTED");
    let requests = stub.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body(), requests[1].body());
    assert_eq!(requests[1].json()["total_amount"], 400);
    assert_eq!(requests[1].decrypted(NAME).as_deref(), Some("张三"));
    assert_ne!(requests[1].json()["transfer_detail_list"][0]["user_name"], "张三");

    // What is not signed by the platform is no response.
    sandbox.fault(Fault::NoSignHeaders.on("POST /v3/transfer/batches").always());
    let error = client.call(&batch()).await.err().unwrap();
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_picture_is_uploaded_and_downloaded() {
    let (sandbox, client) = start().await;
    let picture = &b"\x89PNG and so on"[..];
    let file = MediaFile::from_bytes("parcel.png".parse().unwrap(), picture).unwrap();
    let uploads = sandbox
        .stub(Method::POST, "/v3/merchant-service/images/upload")
        .respond_json(200, json!({ "media_id": "m+1" }))
        .unwrap();
    let diligence = sandbox
        .stub(Method::POST, "/v3/diligence/{id}/upload")
        .respond_json(200, json!({ "file_id": "f1" }))
        .unwrap();
    sandbox
        .stub(Method::GET, IMAGE)
        .respond(StubResponse::file("image/png", picture))
        .unwrap();

    let uploaded: Verified<UploadedMedia> = client
        .upload_to("/v3/merchant-service/images/upload", &file)
        .await
        .unwrap();
    let upload = Upload::to("/v3/diligence/{id}/upload")
        .path_value("id", "7")
        .file_part("due_diligence_file")
        .meta_keys("file_name", "file_digest")
        .meta("item_id", 7);
    let document: Verified<serde_json::Value> = client.upload_to(upload, &file).await.unwrap();
    assert_eq!(document["file_id"], "f1");
    for (stub, key) in [(&uploads, "filename"), (&diligence, "file_name")] {
        let request = &stub.requests()[0];
        assert_eq!(request.json()[key], "parcel.png");
        assert_eq!(request.file().unwrap().content, picture);
    }

    let unverified = client
        .download_unverified(IMAGE)
        .path_value("media_id", &uploaded.media_id)
        .bytes()
        .await
        .unwrap();
    assert_eq!(
        (unverified.content_type(), &unverified.unverified()[..]),
        (Some("image/png"), picture)
    );
    let url = DownloadUrl::new(&format!("{}/v3/merchant-service/images/m1", sandbox.base_url()));
    let error = client
        .download_unverified_from(&url)
        .limit(3)
        .bytes()
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::TooLarge { limit: 3 }));
    assert!(sandbox.take_refusals().is_empty());
}

/// Queries an electronic receipt (查询电子回单).
#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/fund-app/mch-transfer/elecsign/out-bill-no/{out_bill_no}", response = Receipt)]
struct QueryReceipt {
    out_bill_no: &'static str,
}

#[derive(Response)]
struct Receipt {
    state: String,
    #[serde(flatten)]
    file: Option<BillFile>,
}

#[tokio::test]
async fn a_receipt_is_made_and_fetched_by_its_digest() {
    let (sandbox, client) = start().await;
    let receipt = b"%PDF-1.7 receipt".repeat(100);
    let digest: String = Sha256::digest(&receipt)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let query = |body| {
        sandbox
            .stub(Method::GET, QueryReceipt::TEMPLATE)
            .times(1)
            .respond_json(200, body)
            .unwrap();
    };
    let finished = |hash_type: &str, hash_value: &str| {
        json!({
            "state": "FINISHED", "hash_type": hash_type, "hash_value": hash_value,
            "download_url": format!("{}/v3/billdownload/file?token=x", sandbox.base_url()),
        })
    };
    query(json!({ "state": "GENERATING" }));
    query(finished("SHA256", &digest));
    query(finished("SHA256", &digest.replace('0', "1")));
    query(finished("SM3", &digest));
    sandbox
        .stub(Method::GET, "/v3/billdownload/file")
        .respond(StubResponse::file("application/pdf", receipt.clone()))
        .unwrap();

    let reply = client.call(&QueryReceipt::new("plfk2020042013")).await.unwrap();
    assert!(reply.state == "GENERATING" && reply.file.is_none());
    let path = scratch("untyped").join("receipt.pdf");
    let reply = client.call(&QueryReceipt::new("plfk2020042013")).await.unwrap();
    let saved = client
        .download(reply.file.as_ref().unwrap())
        .overwrite()
        .save_to(&path)
        .await
        .unwrap();
    assert_eq!(std::fs::read(saved.path()).unwrap(), receipt);
    for wanted in [
        "the digest of the file differs from the announced one",
        "the digest SM3 of the file is not supported",
    ] {
        let reply = client.call(&QueryReceipt::new("plfk2020042013")).await.unwrap();
        let error = client
            .download(reply.file.as_ref().unwrap())
            .overwrite()
            .save_to(&path)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
    }
}
